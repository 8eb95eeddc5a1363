import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { presentPasskey } from '../api/passkeys.js';
import { ApiProblem } from '../api/problem.js';
import { sessionForm } from '../api/session.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { digitsOf } from './code.js';

type Pending = Schemas['PendingSignInView'];

/** What a second step can be taken with, the easiest first. */
const KINDS = ['passkey', 'totp', 'recovery_code'] as const;
type Kind = (typeof KINDS)[number];

/** What such a code looks like; no word of any language. */
const RECOVERY_CODE_SHAPE = 'k3v9-0mxa-t7qd';

interface Props {
  /** Its secret is in the memory of this page alone. */
  readonly pending: Pending;
  readonly onSignedIn: (session: Schemas['NewSessionView']) => Promise<void>;
  readonly onRestart: () => void;
}

/** After the password: one more of what the person has. */
export function SecondStep({ pending, onSignedIn, onRestart }: Props) {
  const t = useTranslations('wayIn.secondStep');
  const offered = KINDS.filter((kind) => pending.factors.includes(kind));
  const [kind, setKind] = useState<Kind>(offered[0] ?? 'recovery_code');
  const keyFor = useKey();
  const action = useAction(async ({ code = '' }: Typed) => {
    const answer = await take(pending, kind, code, keyFor).catch(over);
    await onSignedIn(answer.session);
  });
  const change = (to: Kind): void => {
    action.setProblem(undefined);
    setKind(to);
  };
  const isOver = action.problem?.code === 'signin.over';
  return (
    <Sheet title={t('title')} lead={t(`${kind}.lead`)}>
      <Form key={kind} action={action}>
        {kind === 'totp' && (
          <Field
            name="code"
            label={t('totp.label')}
            inputMode="numeric"
            autoComplete="one-time-code"
            placeholder="123 456"
          />
        )}
        {kind === 'recovery_code' && (
          <Field name="code" label={t('recovery_code.label')} autoComplete="off" placeholder={RECOVERY_CODE_SHAPE} />
        )}
        {!isOver && <Submit>{t(`${kind}.submit`)}</Submit>}
      </Form>
      <Stack gap="xs">
        {!isOver &&
          offered
            .filter((other) => other !== kind)
            .map((other) => (
              <Button key={other} variant="default" onClick={() => change(other)}>
                {t(`${other}.instead`)}
              </Button>
            ))}
        <Button variant={isOver ? 'filled' : 'subtle'} onClick={onRestart}>
          {t('beginAgain')}
        </Button>
      </Stack>
    </Sheet>
  );
}

async function take(pending: Pending, kind: Kind, typed: string, keyFor: ReturnType<typeof useKey>) {
  const headers = { authorization: `Bearer ${pending.token}` };
  const path = { id: pending.id };
  if (kind === 'passkey') {
    const options = await answered(api.POST('/v1/sign-ins/{id}/passkey/options', { params: { path }, headers }));
    const body = { passkey: await presentPasskey(options), sessionForm: sessionForm() };
    const params = { path, header: keyFor(body) };
    return answered(api.POST('/v1/sign-ins/{id}/passkey', { params, headers, body }));
  }
  const body = { code: kind === 'totp' ? digitsOf(typed) : typed.trim(), sessionForm: sessionForm() };
  const params = { path, header: keyFor(body) };
  return kind === 'totp'
    ? answered(api.POST('/v1/sign-ins/{id}/totp', { params, headers, body }))
    : answered(api.POST('/v1/sign-ins/{id}/recovery-code', { params, headers, body }));
}

/** A begun sign-in that is gone is answered like any bad secret. */
function over(error: unknown): never {
  const isGone = error instanceof ApiProblem && error.code === 'residency.secret_invalid';
  throw isGone ? new ApiProblem('signin.over', error.status) : error;
}
