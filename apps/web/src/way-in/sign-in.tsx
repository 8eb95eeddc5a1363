import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { knowsPasskeys } from '../api/passkeys.js';
import { sessionForm } from '../api/session.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { fragment } from '../fragment.js';
import { region } from '../page.js';
import { enter, useHanded, useReturnPath } from './entry.js';
import { CookieNote } from './notes.js';
import { ProviderSignIn } from './provider-sign-in.js';
import { SecondStep } from './second-step.js';
import { usePasskeySignIn } from './use-passkey-sign-in.js';
import { Onward } from './onward.js';

type Session = Schemas['NewSessionView'];
type Pending = Schemas['PendingSignInView'];

export function SignIn() {
  const [, navigate] = useLocation();
  const to = useReturnPath();
  const [pending, setPending] = useState<Pending>();
  const [byProvider, setByProvider] = useState(false);
  const signedIn = async (session: Session): Promise<void> => {
    await enter(session);
    navigate(to, { replace: true });
  };
  if (byProvider) return <ProviderSignIn to={to} onOtherWay={() => setByProvider(false)} />;
  return pending ? (
    <SecondStep pending={pending} onSignedIn={signedIn} onRestart={() => setPending(undefined)} />
  ) : (
    <FirstStep onSignedIn={signedIn} onPending={setPending} onProvider={() => setByProvider(true)} />
  );
}

interface Props {
  readonly onSignedIn: (session: Session) => Promise<void>;
  readonly onPending: (pending: Pending) => void;
  readonly onProvider: () => void;
}

function FirstStep({ onSignedIn, onPending, onProvider }: Props) {
  const t = useTranslations('wayIn.signIn');
  const provider = useTranslations('wayIn.provider');
  const keyFor = useKey();
  const passkey = usePasskeySignIn(onSignedIn);
  const action = useAction(async ({ email = '', password = '' }: Typed) => {
    const body = { email: email.trim(), password, sessionForm: sessionForm() };
    const answer = await answered(api.POST('/v1/sessions', { params: { header: keyFor(body) }, body }));
    if ('signIn' in answer) onPending(answer.signIn);
    else await onSignedIn(answer.session);
  });
  return (
    <Sheet title={t('title')} lead={t('lead', { region: region.name })}>
      <Told />
      <CookieNote />
      <Form action={action}>
        <Field name="email" kind="email" label={t('email')} autoComplete="username webauthn" />
        <Field name="password" kind="password" label={t('password')} autoComplete="current-password" />
        <Submit>{t('submit')}</Submit>
      </Form>
      <div className="or">{t('or')}</div>
      <Stack gap="xs">
        {knowsPasskeys() && (
          <Button variant="default" loading={passkey.pending} onClick={() => void passkey.run()}>
            {t('passkey')}
          </Button>
        )}
        <ProblemAlert problem={passkey.problem} />
        <Button variant="default" onClick={onProvider}>
          {provider('button')}
        </Button>
      </Stack>
      <OtherWays />
    </Sheet>
  );
}

/** Why somebody is here, where she did not come by herself. */
function Told() {
  const t = useTranslations('wayIn.signIn');
  const { done } = useHanded();
  const words = done ? t(done) : fragment.over !== undefined ? t('over') : undefined;
  if (words === undefined) return null;
  return (
    <Alert variant="light" role="status">
      <Text size="sm">{words}</Text>
    </Alert>
  );
}

function OtherWays() {
  const t = useTranslations('wayIn.signIn');
  const { to } = useHanded();
  const state = { to: to ?? fragment.to };
  return (
    <Group justify="space-between" gap="sm">
      <Anchor component={Onward} href="/recover" handed={state} size="sm">
        {t('recover')}
      </Anchor>
      <Anchor component={Onward} href="/sign-up" handed={state} size="sm">
        {t('signUp')}
      </Anchor>
    </Group>
  );
}
