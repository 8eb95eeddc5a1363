import { createHash } from 'node:crypto';

/** How a value may look where it leaked: the eight encodings of the list of leaks, and a part of it as an error message quotes it or a search index keeps it. */
export const ENCODINGS = ['raw', 'lower case', 'URL', 'base64', 'hex', 'JSON', 'SHA-256', 'MD5', 'part'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One spelling of a value. */
export interface Spelling {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

/** Length of the parts that are looked for: V8's JSON.parse quotes ten characters on each side. */
const PART_LENGTH = 10;
/** Shorter spellings are left out: they would be found by chance. */
const SPELLING_BYTES_MIN = 8;

/**
 * Every spelling of a text, each once.
 * @param core its random part: no escaping changes it, so it is found where a quoted text was encoded again (claims of a token), and in parts
 */
export function spellingsOf(text: string, core = ''): Spelling[] {
  const lower = text.toLowerCase();
  const texts = (encoding: Encoding, ...values: readonly string[]): Spelling[] =>
    values.map((value) => ({ encoding, bytes: Buffer.from(value) }));
  const all: Spelling[] = [
    ...texts('raw', text),
    ...texts('lower case', lower),
    ...texts('URL', ...[text, lower].flatMap(urlForms)),
    ...texts('JSON', ...[text, lower].flatMap(jsonForms)),
    ...texts('base64', ...[text, lower, core, core.toLowerCase()].flatMap((value) => base64Forms(Buffer.from(value)))),
    ...texts('hex', ...[text, lower, core, core.toLowerCase()].flatMap((value) => hexForms(Buffer.from(value)))),
    ...[text, lower].flatMap((value) => digestForms('SHA-256', 'sha256', value)),
    ...[text, lower].flatMap((value) => digestForms('MD5', 'md5', value)),
    ...texts('part', ...[core, core.toLowerCase()].flatMap(partsOf)),
  ];
  return distinct(all);
}

/** Bytes as they are, in hex and in base64 at every alignment: for ids, headers and hashes. */
export function byteForms(bytes: Buffer): Spelling[] {
  const text = (encoding: Encoding, values: readonly string[]): Spelling[] =>
    values.map((value) => ({ encoding, bytes: Buffer.from(value) }));
  return distinct([{ encoding: 'raw', bytes }, ...text('hex', hexForms(bytes)), ...text('base64', base64Forms(bytes))]);
}

/** What stays the same of a value's base64 wherever it stands in a longer text: three alignments, two alphabets. */
export function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const inner = padded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function partsOf(core: string): string[] {
  return Array.from({ length: Math.max(0, core.length - PART_LENGTH + 1) }, (_, at) =>
    core.slice(at, at + PART_LENGTH),
  );
}

function hexForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase()];
}

function urlForms(text: string): string[] {
  const upper = encodeURIComponent(text);
  return [upper, upper.replace(/%../g, (escape) => escape.toLowerCase())];
}

/** Quoted by JSON, with every character beyond ASCII escaped or none. */
function jsonForms(text: string): string[] {
  const quoted = JSON.stringify(text).slice(1, -1);
  const escaped = (digits: (hex: string) => string): string =>
    quoted.replace(/[^\0-\x7f]/g, (unit) => `\\u${digits(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`);
  return [quoted, escaped((hex) => hex), escaped((hex) => hex.toUpperCase())];
}

function digestForms(encoding: Encoding, algorithm: string, text: string): Spelling[] {
  const digest = createHash(algorithm).update(text).digest();
  return byteForms(digest).map(({ bytes }) => ({ encoding, bytes }));
}

/** Each once, under the first name that it got. */
function distinct(spellings: readonly Spelling[]): Spelling[] {
  const seen = new Map<string, Spelling>();
  for (const each of spellings) {
    const key = each.bytes.toString('latin1');
    if (each.bytes.length >= SPELLING_BYTES_MIN && !seen.has(key)) seen.set(key, each);
  }
  return [...seen.values()];
}
