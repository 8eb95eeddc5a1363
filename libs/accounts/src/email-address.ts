import { domainToASCII, domainToUnicode } from 'node:url';

/** Purpose of the blind index under which a person's address is found. Frozen: another one would find nobody. */
export const ADDRESS_INDEX = 'person.address';

/** RFC 5321 section 4.5.3.1: octets of a whole address and of its local part. */
const ADDRESS_LENGTH_MAX = 254;
const LOCAL_LENGTH_MAX = 64;

/** Dot-atom of RFC 5322 section 3.2.3, ASCII only. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
/** As typed: ASCII letters, digits, hyphen and dot, and visible characters beyond ASCII; so no port, path, escape or literal. */
const TYPED_DOMAIN = /^(?:[a-z0-9.-]|[^\x00-\x7f])+$/i;
/** Characters that cannot be seen, or that turn the direction of reading: UTS-46 would drop some of them silently. */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const TOP_LABEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]+)$/;

/**
 * The normal form of an e-mail address, or null when it is not one that can be mailed and compared safely.
 * Local part: ASCII dot-atom, lower-cased, tags kept. Domain: UTS-46 to A-labels, at least two, no IP literal. Nothing is
 * trimmed or repaired. The form is frozen: blind indexes are made of it, so a change would lose every person. Idempotent.
 * @param text as typed by a stranger
 */
export function normaliseEmail(text: string): string | null {
  if (text.length > ADDRESS_LENGTH_MAX || INVISIBLE.test(text)) return null;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = normaliseDomain(text.slice(at + 1));
  if (domain === null || at < 1 || local.length > LOCAL_LENGTH_MAX || !LOCAL.test(local)) return null;
  const address = `${local.toLowerCase()}@${domain}`;
  return address.length > ADDRESS_LENGTH_MAX ? null : address;
}

/**
 * The normal form of the domain of an e-mail address, or null when it is none; the same as in {@link normaliseEmail}.
 * @param text as typed by a stranger
 */
export function normaliseDomain(text: string): string | null {
  if (text.length > ADDRESS_LENGTH_MAX || INVISIBLE.test(text) || !TYPED_DOMAIN.test(text)) return null;
  const domain = domainToASCII(text).toLowerCase();
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || !TOP_LABEL.test(labels.at(-1)!)) return null;
  return labels.every(isSound) ? domain : null;
}

/**
 * An A-label must decode, and to what is written as that label again. Both of Node's functions pass one through that does not
 * (`xn--a`), so it is looked for in what came out.
 */
function isSound(label: string): boolean {
  if (!label.startsWith('xn--')) return true;
  const unicode = domainToUnicode(label);
  return unicode !== '' && !unicode.startsWith('xn--') && domainToASCII(unicode) === label;
}
