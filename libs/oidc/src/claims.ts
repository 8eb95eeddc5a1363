import type { Factor } from '@domicile/accounts';

/** How a person proved herself, in the words of RFC 8176; of somebody else's proof it has none. */
const METHODS: Readonly<Record<Factor, readonly string[]>> = {
  password: ['pwd'],
  passkey: ['pop', 'user'],
  totp: ['otp'],
  recovery_code: ['otp'],
  own_provider: [],
};

/** One thing was proved: something known or something had. */
export const ACR_SINGLE = 'urn:domicile:acr:1';
/** Two independent ones, or a passkey, which is two in one. */
export const ACR_MULTIPLE = 'urn:domicile:acr:2';

/** The claims `amr` and `acr` (OpenID Connect Core section 2) of a session's factors. */
export function methodsOf(factors: readonly Factor[]): { readonly amr: string[]; readonly acr: string } {
  const isMultiple = factors.includes('passkey') || new Set(factors).size > 1;
  const amr = new Set([...factors.flatMap((factor) => METHODS[factor]), ...(isMultiple ? ['mfa'] : [])]);
  return { amr: [...amr], acr: isMultiple ? ACR_MULTIPLE : ACR_SINGLE };
}
