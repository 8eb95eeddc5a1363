import { useEffect, useRef } from 'react';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { offersPasskeys, presentPasskey, withdrawQuestion } from '../api/passkeys.js';
import { ApiProblem } from '../api/problem.js';
import { sessionForm } from '../api/session.js';
import { type Action, useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';

/** What a browser signs is good for five minutes: a question that waits in a field is asked anew before. */
const ASK_ANEW_MILLISECONDS = 4 * 60 * 1000;

/**
 * Signing in with a passkey: by a button, and in the list under the field for the address, where the browser has that. A question in the
 * list that fails says nothing, as nobody has asked for it.
 */
export function usePasskeySignIn(onSignedIn: (session: Schemas['NewSessionView']) => Promise<void>): Action<[]> {
  const keyFor = useKey();
  const signIn = async (passkey: Schemas['PasskeyAnswer']): Promise<void> => {
    const body = { passkey, sessionForm: sessionForm() };
    const { session } = await answered(api.POST('/v1/sign-ins/passkey', { params: { header: keyFor(body) }, body }));
    await onSignedIn(session);
  };
  const chosen = useAction(signIn);
  const byButton = useAction(async () => signIn(await presentPasskey(await options())));
  const choose = useRef(chosen.run);
  useEffect(() => {
    choose.current = chosen.run;
  });
  useEffect(() => {
    let isOver = false;
    const offer = async (): Promise<void> => {
      if (!(await offersPasskeys()) || isOver) return;
      const passkey = await presentPasskey(await options(), true);
      if (!isOver) await choose.current(passkey);
    };
    const quietly = (): void => void offer().catch((error: unknown) => unlessRefused(error));
    quietly();
    const timer = setInterval(quietly, ASK_ANEW_MILLISECONDS);
    return () => {
      isOver = true;
      clearInterval(timer);
      withdrawQuestion();
    };
  }, []);
  return {
    ...byButton,
    pending: byButton.pending || chosen.pending,
    problem: byButton.problem ?? chosen.problem,
  };
}

const options = () => answered(api.POST('/v1/sign-ins/passkey/options'));

function unlessRefused(error: unknown): void {
  if (!(error instanceof ApiProblem)) throw error;
}
