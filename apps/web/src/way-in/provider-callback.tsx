import { Button, Center, Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { answered, api } from '../api/client.js';
import { sessionForm } from '../api/session.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { query } from '../fragment.js';
import { takeBegun } from './begun-elsewhere.js';
import { enter, isOwnPath } from './entry.js';
import { OfThisRegion } from './of-this-region.js';

/** Where a company's provider leads its people back to: the sign-in that was begun in this tab is completed, and no other. */
export function ProviderCallback() {
  return (
    <OfThisRegion id={query.state} path="/sign-in">
      <Complete />
    </OfThisRegion>
  );
}

function Complete() {
  const t = useTranslations('wayIn.provider');
  const [, navigate] = useLocation();
  const keyFor = useKey();
  const [begun] = useState(() => takeBegun(query.state));
  const { code, iss } = query;
  const canComplete = begun !== undefined && code !== undefined;
  const { run, problem } = useAction(async () => {
    if (!canComplete) return;
    const body = { code, ...(iss === undefined ? {} : { iss }), sessionForm: sessionForm() };
    const params = { path: { id: begun.id }, header: keyFor(body) };
    const headers = { authorization: `Bearer ${begun.token}` };
    const { session } = await answered(api.POST('/v1/sign-ins/{id}/provider', { params, headers, body }));
    await enter(session);
    navigate(isOwnPath(begun.to) ? begun.to : '/', { replace: true });
  });
  // Once, as the page appears: there is one try.
  useEffect(() => void run(), []);
  if (canComplete && !problem)
    return (
      <Sheet title={t('waitingTitle')}>
        <Center mih="6rem">
          <Loader />
        </Center>
      </Sheet>
    );
  return (
    <Sheet title={t('refusedTitle')}>
      {problem ? (
        <ProblemAlert problem={problem} />
      ) : (
        <Text>{query.error === undefined ? t('lost') : t('refused')}</Text>
      )}
      <Button component={Link} href="/sign-in">
        {t('beginAgain')}
      </Button>
    </Sheet>
  );
}
