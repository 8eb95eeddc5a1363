import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Id, RegionContext } from '@domicile/residency';
import type { RegionKeys } from './region-keys.js';

/** Version of the derivation; another one is another index, so the label never changes in place. */
const VERSION = 'v1';
const CODE_DIGITS = 8;
const LINK_CODE_LENGTH = 32;

/**
 * Keyed hashes of one region: the same value under another purpose, or in another region, is another hash, so neither two
 * tables nor two regions can be joined by them (laws, traps: an index under a shared key is a transfer).
 * The region is the context's and nothing else's.
 */
export class BlindIndex {
  readonly #subkeys = new Map<string, KeyObject>();

  constructor(private readonly keys: RegionKeys) {}

  /**
   * The value's hash under the purpose's own subkey.
   * @param purpose constant `area.what`: subkeys are cached by it, so it must not be built from data
   * @returns 32 bytes
   * @throws ResidencyError residency.crossing for a region whose keys are not here
   */
  of(ctx: RegionContext, purpose: string, value: string): Buffer {
    return hmac(this.#subkey(ctx.region.code, purpose), value);
  }

  /**
   * Eight decimal digits that only this region's key can tell from an id: a code that is stored nowhere and is the same each time.
   * A code that may be asked for again has a number beside its id: each issue is another code.
   * 256 bits modulo 10^8 favour no code by more than 2^-229, so there is nothing to reject. Callers limit the guesses.
   * @throws as {@link of}
   */
  code(ctx: RegionContext, purpose: string, id: Id, issue = 1): string {
    const issued = issue === 1 ? id : `${id} ${issue}`;
    const number = BigInt(`0x${this.of(ctx, purpose, issued).toString('hex')}`) % 10n ** BigInt(CODE_DIGITS);
    return number.toString().padStart(CODE_DIGITS, '0');
  }

  /**
   * The same for a link, which nobody types: 192 bits in 32 characters of base64url, so that guesses need no counting and nobody can
   * use up another's tries.
   * @throws as {@link of}
   */
  linkCode(ctx: RegionContext, purpose: string, id: Id): string {
    return this.of(ctx, purpose, id).toString('base64url').slice(0, LINK_CODE_LENGTH);
  }

  #subkey(region: string, purpose: string): KeyObject {
    const info = `domicile/index/${VERSION}/${region}/${purpose}`;
    let subkey = this.#subkeys.get(info);
    if (!subkey) {
      subkey = derive(this.keys.index(region), info);
      this.#subkeys.set(info, subkey);
    }
    return subkey;
  }
}

/** HMAC-SHA-256 (RFC 2104) of a text's UTF-8. */
export function hmac(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

/** A subkey of 32 bytes for a constant purpose: HKDF-SHA-256 (RFC 5869) without a salt, as the root is random. */
export function derive(root: KeyObject, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', root, '', info, 32)));
}
