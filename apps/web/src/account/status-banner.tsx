import { Alert, Button, Group, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { answered, api } from '../api/client.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { toast } from '../components/toast.js';
import { useHere } from './here.js';
import { useAct } from './use-act.js';

/** On every page of an account that can only be read: why, until when, and the way back. */
export function StatusBanner() {
  const { account } = useHere();
  const t = useTranslations('account.status');
  if (account.status === 'closing' && account.closingAt !== undefined) return <Closing at={account.closingAt} />;
  if (account.status !== 'restricted') return null;
  return (
    <Alert color="yellow" mb="lg" title={t('restrictedTitle')}>
      {t('restrictedText')}
    </Alert>
  );
}

function Closing({ at }: { readonly at: string }) {
  const { id, may } = useHere();
  const t = useTranslations('account.status');
  const format = useFormatter();
  const undo = useAct(async () => {
    await answered(api.DELETE('/v1/accounts/{id}/closing', { params: { path: { id } } }));
    toast(t('undone'));
  });
  return (
    <Alert
      color="red"
      mb="lg"
      title={t('closingTitle', { date: format.dateTime(new Date(at), { dateStyle: 'long' }) })}
    >
      <Text size="sm">{t(may('account.close') ? 'closingText' : 'closingTextOthers')}</Text>
      <ProblemAlert problem={undo.problem} />
      {may('account.close') && (
        <Group mt="sm">
          <Button size="xs" variant="default" loading={undo.pending} onClick={() => void undo.run()}>
            {t('undo')}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
