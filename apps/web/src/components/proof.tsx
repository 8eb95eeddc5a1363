import { Button, Divider, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../account/use-signed-in-action.js';
import { answered, api } from '../api/client.js';
import { presentPasskey } from '../api/passkeys.js';
import { ApiProblem } from '../api/problem.js';
import { goOn } from '../api/session.js';
import { factorsQuery } from '../person/queries.js';
import { Dialog } from './dialog.js';
import { Field, Form, Submit } from './form.js';
import { ProblemAlert } from './problem-alert.js';
import { Resource } from './resource.js';
import { SignOut } from './sign-out.js';

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

/** Above whatever dialog asked. */
const Z_INDEX = 400;

export function ProofProvider({ children }: { readonly children: ReactNode }) {
  const t = useTranslations('person.proof');
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
      <Dialog opened={waiting !== undefined} onClose={() => waiting?.givenUp()} title={t('title')} zIndex={Z_INDEX}>
        {waiting && <Proofs onProven={waiting.proven} />}
      </Dialog>
    </ProofContext>
  );
}

/** Every way to prove oneself that she has; where there is none here, what to do instead. */
function Proofs({ onProven }: { readonly onProven: () => void }) {
  const t = useTranslations('person.proof');
  const factors = useQuery(factorsQuery);
  const prove = async (body: Schemas['ProveYourself']): Promise<void> => {
    const { session } = await answered(api.POST('/v1/sessions/current/proof', { body }));
    goOn(session);
    onProven();
  };
  return (
    <Resource query={factors}>
      {({ passkeys, hasTotp, hasPassword }) => {
        const ways = [
          passkeys.length > 0 && <ByPasskey key="passkey" prove={prove} />,
          hasTotp && <ByCode key="totp" prove={prove} />,
          hasPassword && <ByPassword key="password" prove={prove} />,
        ].filter((way) => way !== false);
        if (ways.length === 0)
          return (
            <Stack>
              <Text>{t('elsewhere')}</Text>
              <SignOut />
            </Stack>
          );
        return (
          <Stack>
            <Text>{t('lead')}</Text>
            {ways.flatMap((way, at) =>
              at === 0 ? [way] : [<Divider key={`or ${at}`} label={t('or')} labelPosition="center" />, way],
            )}
          </Stack>
        );
      }}
    </Resource>
  );
}

interface WayProps {
  readonly prove: (body: Schemas['ProveYourself']) => Promise<void>;
}

function ByPasskey({ prove }: WayProps) {
  const t = useTranslations('person.proof');
  const action = useSignedInAction(async () => {
    const options = await answered(api.POST('/v1/sessions/current/proof/options'));
    await prove({ passkey: await presentPasskey(options) });
  });
  return (
    <>
      <Button onClick={() => void action.run()} loading={action.pending} data-autofocus>
        {t('withPasskey')}
      </Button>
      <ProblemAlert problem={action.problem} />
    </>
  );
}

function ByCode({ prove }: WayProps) {
  const t = useTranslations('person.proof');
  const action = useSignedInAction(({ totp = '' }: Readonly<Record<string, string>>) =>
    prove({ totp: totp.replace(/\s/g, '') }),
  );
  return (
    <Form action={action}>
      <Field name="totp" label={t('code')} inputMode="numeric" autoComplete="one-time-code" maxLength={7} />
      <Submit variant="default">{t('withCode')}</Submit>
    </Form>
  );
}

function ByPassword({ prove }: WayProps) {
  const t = useTranslations('person.proof');
  const action = useSignedInAction(({ password = '' }: Readonly<Record<string, string>>) => prove({ password }));
  return (
    <Form action={action}>
      <Field name="password" kind="password" label={t('password')} autoComplete="current-password" />
      <Submit variant="default">{t('withPassword')}</Submit>
    </Form>
  );
}
