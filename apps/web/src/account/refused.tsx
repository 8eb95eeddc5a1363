import { Anchor, Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { ApiProblem } from '../api/problem.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useWithProof } from '../components/proof.js';
import { Sheet } from '../components/sheet.js';
import { accountChanged, readAccount } from './account-queries.js';
import { sessionOver } from './leaving.js';
import { useSignedInAction } from './use-signed-in-action.js';

const REASONS = {
  'residency.not_found': 'notFound',
  'account.second_factor_required': 'secondFactor',
  'account.own_provider_required': 'ownProvider',
  'account.session_over': 'sessionOver',
  'account.suspended': 'suspended',
  'session.own_factor_required': 'ownFactor',
} as const;
type Reason = (typeof REASONS)[keyof typeof REASONS];

/** Why an account does not let somebody in, where that is something to be explained; undefined for everything else. */
export function refusalOf(error: Error | null): Reason | undefined {
  const code = error instanceof ApiProblem ? error.code : undefined;
  return code !== undefined && code in REASONS ? REASONS[code as keyof typeof REASONS] : undefined;
}

interface RefusedProps {
  /** Of the account. */
  readonly id: string;
  readonly reason: Reason;
  readonly me: Schemas['Me'];
}

/** A page that says why an account stays closed to somebody who is signed in, and what she can do about it. */
export function Refused({ id, reason, me }: RefusedProps) {
  const t = useTranslations('account.refused');
  const nav = useTranslations('account.nav');
  const [path] = useLocation();
  const withProof = useWithProof();
  const prove = useSignedInAction(async () => {
    await withProof(() => readAccount(id));
    await accountChanged(id);
  });
  const again = <Button onClick={() => sessionOver(path)}>{t('signInAgain')}</Button>;
  const act: Record<Reason, ReactNode> = {
    notFound: (
      <Button component={Link} href="/">
        {t('toYours')}
      </Button>
    ),
    secondFactor: (
      <Group>
        <Button component={Link} href="/me/security">
          {t('toSecurity')}
        </Button>
        <Button variant="default" onClick={() => sessionOver(path)}>
          {t('signInAgain')}
        </Button>
      </Group>
    ),
    ownProvider: again,
    ownFactor: (
      <>
        <ProblemAlert problem={prove.problem} />
        <Button loading={prove.pending} onClick={() => void prove.run()}>
          {t('prove')}
        </Button>
      </>
    ),
    sessionOver: again,
    suspended: null,
  };
  return (
    <Sheet title={t(`${reason}.title`)} lead={t(`${reason}.text`)}>
      {act[reason]}
      {reason !== 'notFound' && me.accounts.length > 1 && (
        <Anchor component={Link} href="/">
          {nav('switch')}
        </Anchor>
      )}
    </Sheet>
  );
}
