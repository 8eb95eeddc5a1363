import { Alert, Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { ApiProblem, type ProblemCode } from '../api/problem.js';
import { sessionForm } from '../api/session.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { region } from '../page.js';
import { CodeField, digitsOf, NewPasswordField, Username } from './code.js';
import { useHanded } from './entry.js';

type Factor = Schemas['SecondFactor']['kind'];
/** The factors that a recovery takes beside the mailbox; a passkey signs in by itself. */
const TAKEN = ['totp', 'recovery_code'] as const satisfies readonly Factor[];
type Taken = (typeof TAKEN)[number];

const OVER: readonly ProblemCode[] = [
  'recovery.expired',
  'recovery.code_exhausted',
  'recovery.already_completed',
  'residency.not_found',
];

interface Props {
  /** Of the recovery. */
  readonly id: string;
  readonly email: string | undefined;
  /** Of the link: then there is nothing to type. */
  readonly code: string | undefined;
  readonly onRestart: () => void;
}

/** The mailed code, a new password, and one more factor where the mailbox alone is not enough. */
export function CompleteRecovery({ id, email, code, onRestart }: Props) {
  const t = useTranslations('wayIn.recover');
  const [, navigate] = useLocation();
  const handed = useHanded();
  const keyFor = useKey();
  const [factors, setFactors] = useState<readonly Factor[]>([]);
  const action = useAction(async (typed: Typed) => {
    const body = {
      code: code ?? digitsOf(typed.code),
      password: typed.password ?? '',
      deviceForm: sessionForm(),
      ...secondFactorOf(typed),
    };
    const params = { path: { id }, header: keyFor(body) };
    await answered(api.POST('/v1/recoveries/{id}/completion', { params, body })).catch((error) => {
      if (error instanceof ApiProblem) setFactors((known) => factorsOf(error) ?? known);
      throw error;
    });
    navigate('/sign-in', { replace: true, state: { to: handed.to, done: 'recovered' } });
  });
  const { problem } = action;
  const lead = t.rich(code ? 'leadLink' : email ? 'leadMail' : 'leadCode', {
    region: region.name,
    email: email ?? '',
    mark: (words) => <strong>{words}</strong>,
  });
  const isAsked = problem?.code === 'recovery.factor_needed';
  return (
    <Sheet title={t('completeTitle')} lead={lead}>
      <Form action={action} hideProblem={isAsked}>
        {code === undefined && <CodeField />}
        <Username email={email} />
        <NewPasswordField />
        {factors.length > 0 && <SecondFactorFields factors={factors} />}
        <Submit>{t('complete')}</Submit>
      </Form>
      {problem && OVER.includes(problem.code) && <Button onClick={onRestart}>{t('beginAgain')}</Button>}
      {code === undefined && (
        <Button variant="subtle" onClick={onRestart}>
          {t('otherAddress')}
        </Button>
      )}
    </Sheet>
  );
}

function SecondFactorFields({ factors }: { readonly factors: readonly Factor[] }) {
  const t = useTranslations('wayIn.recover');
  const words = useTranslations('wayIn.secondStep');
  const offered = TAKEN.filter((kind) => factors.includes(kind));
  const [kind, setKind] = useState<Taken>(offered[0] ?? 'recovery_code');
  return (
    <Stack gap="md">
      <Alert variant="light" role="alert">
        <Text size="sm">{t('factorNeeded')}</Text>
        {factors.includes('passkey') && (
          <Text size="sm" mt="xs">
            {t('passkeyInstead')}
          </Text>
        )}
      </Alert>
      {offered.length > 1 && (
        <NativeSelect
          name="factor"
          label={t('factor')}
          value={kind}
          onChange={({ currentTarget }) => setKind(currentTarget.value as Taken)}
          data={offered.map((value) => ({ value, label: words(`${value}.label`) }))}
        />
      )}
      {offered.length === 1 && <input type="hidden" name="factor" value={kind} />}
      {offered.length > 0 && (
        <Field
          key={kind}
          name="factorCode"
          errorPointer="/secondFactor/code"
          label={words(`${kind}.label`)}
          autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
        />
      )}
    </Stack>
  );
}

function secondFactorOf({ factor, factorCode = '' }: Typed): { readonly secondFactor?: Schemas['SecondFactor'] } {
  const kind = TAKEN.find((taken) => taken === factor);
  if (kind === undefined || factorCode === '') return {};
  return { secondFactor: { kind, code: kind === 'totp' ? digitsOf(factorCode) : factorCode.trim() } };
}

/** The factors of which one is asked for, which the refusal names. */
function factorsOf({ code, document }: ApiProblem): readonly Factor[] | undefined {
  const factors: unknown = Reflect.get(document, 'factors');
  return code === 'recovery.factor_needed' && Array.isArray(factors) ? (factors as readonly Factor[]) : undefined;
}
