import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { answered, api } from '../api/client.js';
import { createPasskey, knowsPasskeys } from '../api/passkeys.js';
import type { ApiProblem, ProblemCode } from '../api/problem.js';
import { sessionForm } from '../api/session.js';
import { Form, Submit, type Typed } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { region } from '../page.js';
import { CodeField, digitsOf, NewPasswordField, Username } from './code.js';
import { enter, useHanded, useReturnPath } from './entry.js';
import { CookieNote } from './notes.js';
import { MailAgain } from './mail-again.js';
import { Onward } from './onward.js';

interface Props {
  /** Of the sign-up. */
  readonly id: string;
  /** Where the code was mailed; not known where a link was opened. */
  readonly email?: string | undefined;
  /** Of the link: then there is nothing to type. */
  readonly code?: string | undefined;
  /** Begins anew. */
  readonly onRestart: () => void;
}

/** The second step: the code that was mailed, and what to sign in with from now on. */
export function ConfirmSignUp({ id, email, code, onRestart }: Props) {
  const t = useTranslations('wayIn.confirm');
  const [, navigate] = useLocation();
  const to = useReturnPath();
  const keyFor = useKey();
  const [byPasskey, setByPasskey] = useState(false);
  const action = useAction(async (typed: Typed) => {
    const sent = code ?? digitsOf(typed.code);
    const body = {
      code: sent,
      sessionForm: sessionForm(),
      ...(byPasskey ? { passkey: await passkeyFor(id, sent) } : { password: typed.password ?? '' }),
    };
    const params = { path: { id }, header: keyFor(body) };
    const { session } = await answered(api.POST('/v1/signups/{id}/confirmations', { params, body }));
    await enter(session);
    navigate(to, { replace: true });
  });
  const lead = t.rich(code ? 'leadLink' : email ? 'leadMail' : 'leadCode', {
    region: region.name,
    email: email ?? '',
    mark: (words) => <strong>{words}</strong>,
  });
  return (
    <Sheet title={code ? t('titleLink') : t('title')} lead={lead}>
      <CookieNote />
      <Form action={action}>
        {code === undefined && <CodeField />}
        <Username email={email} />
        {byPasskey ? <Text size="sm">{t('passkeyHelp')}</Text> : <NewPasswordField />}
        <Submit>{byPasskey ? t('submitPasskey') : t('submit')}</Submit>
      </Form>
      <WayOn problem={action.problem} onRestart={onRestart} />
      {knowsPasskeys() && (
        <Button variant="default" onClick={() => setByPasskey(!byPasskey)}>
          {byPasskey ? t('usePassword') : t('usePasskey')}
        </Button>
      )}
      {code === undefined && (
        <Stack gap="xs">
          <MailAgain signup={id} />
          <Button variant="subtle" onClick={onRestart}>
            {t('otherAddress')}
          </Button>
        </Stack>
      )}
    </Sheet>
  );
}

async function passkeyFor(id: string, code: string) {
  const options = answered(api.POST('/v1/signups/{id}/passkey-options', { params: { path: { id } }, body: { code } }));
  return createPasskey(await options);
}

const OVER: readonly ProblemCode[] = ['signup.expired', 'signup.code_exhausted', 'residency.not_found'];
const THERE: readonly ProblemCode[] = ['signup.address_taken', 'signup.already_confirmed', 'client.cookies_refused'];

/** Where a sign-up leads that cannot be confirmed (any more). */
function WayOn({ problem, onRestart }: { readonly problem: ApiProblem | undefined; readonly onRestart: () => void }) {
  const t = useTranslations('wayIn.confirm');
  const handed = useHanded();
  if (!problem) return null;
  if (OVER.includes(problem.code)) return <Button onClick={onRestart}>{t('beginAgain')}</Button>;
  if (!THERE.includes(problem.code)) return null;
  return (
    <Button component={Onward} href="/sign-in" handed={handed}>
      {t('signIn')}
    </Button>
  );
}
