import { createPrivateKey, generateKeyPairSync, hash, type JsonWebKey } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ResidencyError } from '@domicile/residency';
import { makeKeyFile, readKeyFile } from '@domicile/vault';

const KEY_FILE = /^oidc\.([1-9]\d{0,5})\.key$/;
const WHAT = 'The OpenID key';
/** The one that signs and the one before it, whose tokens are about for an hour yet. */
const KEYS_SHOWN = 2;

/** Where one served region keeps its keys. */
export interface OidcKeysFolder {
  /** The region's code. */
  readonly region: string;
  /** `<home>/keys` of that region. */
  readonly keysDir: string;
}

/** A private ES256 key as a JWK (RFC 7517) with its RFC 7638 thumbprint as `kid`. */
export type OidcKey = JsonWebKey & { readonly kid: string; readonly use: 'sig'; readonly alg: 'ES256' };

/** Makes a region's first OpenID key when it has none. One that was lost can be replaced: relying parties fetch the public halves anew. */
export function ensureOidcKeys(keysDir: string): void {
  if (numbers(keysDir).length === 0) makeKey(keysDir, 1);
}

/** Makes the next key, which signs from the API's next start on; the one before it is shown until the key after. @returns its number */
export function rotateOidcKey(keysDir: string): number {
  const number = Math.max(0, ...numbers(keysDir)) + 1;
  makeKey(keysDir, number);
  return number;
}

/**
 * The keys that a region's issuer works with, the one that signs first.
 * @throws ResidencyError residency.configuration_invalid when there is none, others can read it, or it is no P-256 key
 */
export function oidcKeys({ keysDir, region }: OidcKeysFolder): readonly OidcKey[] {
  const found = numbers(keysDir).slice(-KEYS_SHOWN).reverse();
  return (found.length > 0 ? found : [1]).map((number) => readKey(join(keysDir, `oidc.${number}.key`), region));
}

function readKey(file: string, region: string): OidcKey {
  const pem = readKeyFile(file, WHAT, region);
  let jwk: JsonWebKey = {};
  try {
    jwk = createPrivateKey(pem).export({ format: 'jwk' });
  } catch {
    // OpenSSL's own words quote what they met.
  }
  const { kty, crv, x, y } = jwk;
  if (kty !== 'EC' || crv !== 'P-256')
    throw new ResidencyError(
      'residency.configuration_invalid',
      `${WHAT} ${file} of region ${region} is no P-256 key in PEM; restore it from its backup.`,
    );
  const kid = hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
  return { ...jwk, kid, use: 'sig', alg: 'ES256' };
}

function makeKey(keysDir: string, number: number): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  makeKeyFile(join(keysDir, `oidc.${number}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

function numbers(keysDir: string): number[] {
  if (!existsSync(keysDir)) return [];
  return readdirSync(keysDir)
    .flatMap((name) => KEY_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
