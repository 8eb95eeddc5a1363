import { Button, Modal, Stack, Text } from '@mantine/core';
import { startAuthentication } from '@simplewebauthn/browser';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { begin } from '../api/session.js';
import { Field, Form, Submit } from './form.js';
import { ProblemAlert } from './problem-alert.js';
import { useAction } from './use-action.js';

/** Does something that may ask for a fresh proof of who somebody is: asks for it, and then does it. */
type WithProof = <T>(work: () => Promise<T>) => Promise<T>;

const ProofContext = createContext<WithProof | null>(null);

/** For every act that the API may answer with `session.not_fresh`. Rejects with that problem when the person gives up. */
export function useWithProof(): WithProof {
  return use(ProofContext)!;
}

/** Refusals that a proof turns into a yes: it is too long ago, or it was the provider of another account that gave it. */
const ASKS_FOR_PROOF: readonly string[] = ['session.not_fresh', 'session.own_factor_required'];

interface Waiting {
  readonly proven: () => void;
  readonly givenUp: () => void;
}

export function ProofProvider({ children }: { readonly children: ReactNode }) {
  const [waiting, setWaiting] = useState<Waiting>();
  const isAsking = useRef(false);
  const withProof = useMemo<WithProof>(
    () => async (work) => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ApiProblem) || !ASKS_FOR_PROOF.includes(error.code) || isAsking.current) throw error;
        isAsking.current = true;
        await new Promise<void>((resolve, reject) =>
          setWaiting({ proven: resolve, givenUp: () => reject(error) }),
        ).finally(() => {
          isAsking.current = false;
          setWaiting(undefined);
        });
        return work();
      }
    },
    [],
  );
  return (
    <ProofContext value={withProof}>
      {children}
      {waiting && <ProofDialog waiting={waiting} />}
    </ProofContext>
  );
}

function ProofDialog({ waiting }: { readonly waiting: Waiting }) {
  const t = useTranslations('person.proof');
  const common = useTranslations('common');
  const factors = useQuery({ queryKey: ['factors'], queryFn: () => answered(api.GET('/v1/me/factors')) });
  const prove = async (body: Schemas['ProveYourself']): Promise<void> => {
    const { session } = await answered(api.POST('/v1/sessions/current/proof', { body }));
    begin(session);
    waiting.proven();
  };
  const passkey = useAction(async () => {
    const options = await answered(api.POST('/v1/sessions/current/proof/options'));
    const answer = await startAuthentication({ optionsJSON: options }).catch(() => {
      throw new ApiProblem('passkey.invalid', 0);
    });
    await prove({ passkey: answer as never });
  });
  const byPassword = useAction(({ password = '' }) => prove({ password }));
  const byCode = useAction(({ totp = '' }) => prove({ totp: totp.replace(/\s/g, '') }));
  const has = factors.data;
  return (
    <Modal
      opened
      onClose={waiting.givenUp}
      title={t('title')}
      closeButtonProps={{ 'aria-label': common('close') }}
      centered
    >
      <Stack>
        <Text>{t('lead')}</Text>
        {has && has.passkeys.length > 0 && (
          <>
            <Button onClick={() => void passkey.run()} loading={passkey.pending}>
              {t('withPasskey')}
            </Button>
            <ProblemAlert problem={passkey.problem} />
          </>
        )}
        {has?.hasTotp && (
          <Form action={byCode}>
            <Field name="totp" label={t('code')} inputMode="numeric" autoComplete="one-time-code" maxLength={7} />
            <Submit variant="default">{t('withCode')}</Submit>
          </Form>
        )}
        {has?.hasPassword && (
          <Form action={byPassword}>
            <Field name="password" kind="password" label={t('password')} autoComplete="current-password" />
            <Submit variant="default">{t('withPassword')}</Submit>
          </Form>
        )}
      </Stack>
    </Modal>
  );
}
