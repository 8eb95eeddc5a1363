import { Alert, Anchor, Button, Center, Loader, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { endSession } from '../account/leaving.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useAction } from '../components/use-action.js';
import { useLoaded } from '../components/use-loaded.js';
import { whoIsHere } from './entry.js';
import { Onward } from './onward.js';

interface Props {
  /** Own path to come back to after signing in. */
  readonly path: string;
  /** Why somebody is to sign in. */
  readonly why: string;
  /** Also offers to sign up. */
  readonly signUp?: boolean;
  readonly children: (me: Schemas['Me']) => ReactNode;
}

/** What only somebody who is signed in can do; everybody else is led to sign in, and comes back. */
export function ForWhoIsHere({ path, why, signUp = false, children }: Props) {
  const t = useTranslations('wayIn.who');
  const { value: me, problem, reload } = useLoaded(whoIsHere);
  const state = { to: path };
  if (problem) return <ProblemAlert problem={problem} onRetry={reload} />;
  if (me === undefined)
    return (
      <Center mih="6rem" role="status" aria-label={t('loading')}>
        <Loader />
      </Center>
    );
  if (me) return children(me);
  return (
    <Stack gap="sm">
      <Text size="sm">{why}</Text>
      <Button component={Onward} href="/sign-in" handed={state}>
        {t('signIn')}
      </Button>
      {signUp && (
        <Button component={Onward} href="/sign-up" handed={state} variant="default">
          {t('signUp')}
        </Button>
      )}
    </Stack>
  );
}

/** Says as whom something is about to be done, and lets somebody else sign in. */
export function SignedInAs({ me, path }: { readonly me: Schemas['Me']; readonly path: string }) {
  const t = useTranslations('wayIn.who');
  const [, navigate] = useLocation();
  const action = useAction(async () => {
    await endSession();
    navigate('/sign-in', { state: { to: path } });
  });
  return (
    <Alert variant="light" color="gray">
      <Text size="sm">{t('as', { email: me.person.email })}</Text>
      <Anchor component="button" type="button" size="sm" underline="always" onClick={() => void action.run()}>
        {t('somebodyElse')}
      </Anchor>
      <ProblemAlert problem={action.problem} />
    </Alert>
  );
}
