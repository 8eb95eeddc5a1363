import { Alert, Button, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { answered, api } from '../api/client.js';
import { forget } from '../api/session.js';
import { Form, Submit } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { fragment } from '../fragment.js';
import { IncompleteLink } from './notes.js';
import { OfThisRegion } from './of-this-region.js';

/** The link of the mail that announced a change of address to the one from before: whoever reads it there can take the change back. */
export function Undo() {
  const { change, code } = fragment;
  if (change === undefined || code === undefined) return <IncompleteLink />;
  return (
    <OfThisRegion id={change} path="/undo">
      <TakeBack id={change} code={code} />
    </OfThisRegion>
  );
}

function TakeBack({ id, code }: { readonly id: string; readonly code: string }) {
  const t = useTranslations('wayIn.undo');
  const common = useTranslations('common');
  const [, navigate] = useLocation();
  const keyFor = useKey();
  const action = useAction(async () => {
    const params = { path: { id }, header: keyFor(code) };
    const { recovery } = await answered(api.POST('/v1/address-changes/{id}/undo', { params, body: { code } }));
    // Every session is over, this browser's too.
    forget();
    navigate('/recover', { replace: true, state: { recovery: recovery.id } });
  });
  return (
    <Sheet title={t('title')} lead={t('lead')}>
      <Alert variant="light">
        <Text size="sm">{t('then')}</Text>
      </Alert>
      <Form action={action}>
        <Submit>{t('submit')}</Submit>
      </Form>
      <Button variant="subtle" onClick={() => navigate('/')}>
        {common('cancel')}
      </Button>
    </Sheet>
  );
}
