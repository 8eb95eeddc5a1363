import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { answered, api, newKey } from '../api/client.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useAction } from '../components/use-action.js';

/** Has the mail of a sign-up sent again; how often that goes, the region decides and says. */
export function MailAgain({ signup }: { readonly signup: string }) {
  const t = useTranslations('wayIn.confirm');
  const [isSent, setIsSent] = useState(false);
  const action = useAction(async () => {
    const params = { path: { id: signup }, header: { 'Idempotency-Key': newKey() } };
    setIsSent(false);
    await answered(api.POST('/v1/signups/{id}/mail', { params }));
    setIsSent(true);
  });
  return (
    <>
      <Button variant="subtle" loading={action.pending} onClick={() => void action.run()}>
        {t('mailAgain')}
      </Button>
      <ProblemAlert problem={action.problem} />
      <Text size="sm" ta="center" role="status">
        {isSent && t('mailedAgain')}
      </Text>
    </>
  );
}
