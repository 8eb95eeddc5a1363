import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import type { Schemas } from '@domicile/api-client';
import { ApiProblem } from './problem.js';

/** True where this browser knows passkeys at all. */
export const knowsPasskeys: () => boolean = browserSupportsWebAuthn;

/** True where it offers passkeys in the list under a field. */
export const offersPasskeys: () => Promise<boolean> = browserSupportsWebAuthnAutofill;

/** Has the browser make a passkey. @throws ApiProblem passkey.known, client.passkey_cancelled */
export async function createPasskey(options: Schemas['PasskeyCreationOptions']): Promise<Schemas['NewPasskey']> {
  const made = await startRegistration({ optionsJSON: options }).catch(translated);
  return { ...made, clientExtensionResults: { ...made.clientExtensionResults } };
}

/**
 * Has the browser sign with a passkey. There is one such question at a time: another one ends it.
 * @param inField to offer it in the list under the field that asks for `webauthn`, until one is chosen
 * @throws ApiProblem client.passkey_cancelled
 */
export async function presentPasskey(
  options: Schemas['PasskeyRequestOptions'],
  inField = false,
): Promise<Schemas['PasskeyAnswer']> {
  const answer = await startAuthentication({ optionsJSON: options, useBrowserAutofill: inField }).catch(translated);
  return { ...answer, clientExtensionResults: { ...answer.clientExtensionResults } };
}

/** Takes a question back that nobody has answered. */
export function withdrawQuestion(): void {
  WebAuthnAbortService.cancelCeremony();
}

/** Browsers do not say why: given up by the person, out of time and nothing that fits look alike. */
function translated(error: unknown): never {
  const isKnown = error instanceof Error && error.name === 'InvalidStateError';
  throw new ApiProblem(isKnown ? 'passkey.known' : 'client.passkey_cancelled', 0);
}
