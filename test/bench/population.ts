import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { encodeBase32 } from '../../libs/residency/src/base32.js';

/** Whose data: ours speaks ids and secrets of a region, the references plain uuids. Enough to make any request in any process. */
export type Flavour =
  | { readonly kind: 'ours'; readonly code: string; readonly number: number }
  | { readonly kind: 'reference' };

/** The i-th account of a population with its one person and her session; everything follows from `i`. */
export interface Inhabitant {
  readonly name: string;
  readonly email: string;
  readonly displayName: string;
  readonly accountId: Uint8Array;
  readonly personId: Uint8Array;
  readonly membershipId: Uint8Array;
  readonly affiliationId: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly accountKeyId: Uint8Array;
  readonly personKeyId: Uint8Array;
  /** What the session's device presents, and its SHA-256. */
  readonly token: string;
  readonly secretHash: Buffer;
}

const FIRST_MILLISECOND = Date.UTC(2026, 0, 1);

export function inhabitant(flavour: Flavour, i: number): Inhabitant {
  const id = (kind: string): Uint8Array => idBytes(flavour, kind, i);
  const sessionId = id('session');
  const token = tokenOf(flavour, sessionId, digest(`secret/${i}`));
  return {
    name: `Analytical Engines ${i}`,
    email: `ada-${i}@example.org`,
    displayName: `Ada ${i}`,
    accountId: id('account'),
    personId: id('person'),
    membershipId: id('membership'),
    affiliationId: id('affiliation'),
    sessionId,
    accountKeyId: id('account key'),
    personKeyId: id('person key'),
    token,
    secretHash: createHash('sha256').update(token).digest(),
  };
}

/** The bytes of `GET /v1/accounts/{id}` by the account's own person. */
export function readRequest(flavour: Flavour, host: string, i: number): string {
  const token = tokenOf(flavour, idBytes(flavour, 'session', i), digest(`secret/${i}`));
  const bytes = idBytes(flavour, 'account', i);
  const id = idText(flavour, 'acct', bytes);
  return getRequest(host, `/v1/accounts/${id}`, `authorization: Bearer ${token}`);
}

/** A GET with one header that says who asks. */
export function getRequest(host: string, path: string, header: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${header}\r\n\r\n`;
}

/** A POST of JSON. */
export function postRequest(host: string, path: string, body: unknown): string {
  const json = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

/** An id as its API speaks it. */
export function idText(flavour: Flavour, prefix: string, bytes: Uint8Array): string {
  return flavour.kind === 'ours' ? `${prefix}_${flavour.code}_${encodeBase32(bytes)}` : uuidText(bytes);
}

export function uuidText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function tokenOf(flavour: Flavour, sessionId: Uint8Array, random: Buffer): string {
  if (flavour.kind === 'reference') return `${uuidText(sessionId)}.${random.toString('base64url')}`;
  const body = `sst_${flavour.code}_${encodeBase32(sessionId)}${encodeBase32(random)}`;
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return body + encodeBase32(check);
}

/** UUIDv8 as the product's codec makes them: 48 bits of time, 12 of counter, 10 of region, 52 random; the references' carry region 0. */
function idBytes(flavour: Flavour, kind: string, i: number): Uint8Array {
  const bytes = Buffer.from(digest(`${kind}/${i}`).subarray(0, 16));
  const region = flavour.kind === 'ours' ? flavour.number : 0;
  bytes.writeUIntBE(FIRST_MILLISECOND + i, 0, 6);
  bytes[6] = 0x80 | (bytes[6]! & 15);
  bytes[8] = 0x80 | (region >>> 4);
  bytes[9] = ((region & 15) << 4) | (bytes[9]! & 15);
  return bytes;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
