import { createHash, createHmac, createSecretKey, hash as digest, randomBytes, randomFillSync } from 'node:crypto';
import { type Algorithm, hash, verify } from '@node-rs/argon2';

/** What both references compute as the product does; the way they reach their database is their own. */

export const POOL_SIZE = 10;
export const SIGNUP_TTL_MILLISECONDS = 30 * 60 * 1000;
export const SESSION_TTL_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;
export const POLICY = { kind: 'privacy-notice', version: '2026-11-01', hash: sha256('a published text') } as const;

const KEY = createSecretKey(randomBytes(32));

/** What a reference is told by its environment. */
export interface ReferenceSettings {
  readonly url: string;
  /** False: passwords are stored as a constant, to measure all the rest. */
  readonly hashes: boolean;
}

export function referenceSettings(): ReferenceSettings {
  return { url: process.env['BENCH_DATABASE_URL']!, hashes: process.env['BENCH_HASH'] === 'argon2id' };
}

/** The product's parameters: 19 MiB, two passes, one lane; or nothing. */
export function passwordHash(hashes: boolean): (password: string) => Promise<string> {
  if (!hashes) return () => Promise.resolve('$no-hash$');
  return (password) =>
    hash(password, { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}

/** Whether a password is the one of a stored hash; without hashing it always is. */
export function passwordCheck(hashes: boolean): (password: string, stored: string) => Promise<boolean> {
  return hashes ? (password, stored) => verify(stored, password) : () => Promise.resolve(true);
}

export function sha256(text: string): Buffer {
  return digest('sha256', text, 'buffer');
}

/** Key of an address in `person_address`. */
export function addressKey(email: string): Buffer {
  return createHmac('sha256', KEY).update(email.toLowerCase()).digest();
}

/** The code that confirms a signup. */
export function codeOf(signupId: string): string {
  const number = createHmac('sha256', KEY).update(signupId).digest().readUIntBE(0, 6) % 100_000_000;
  return String(number).padStart(8, '0');
}

/** `<session id>.<256 random bits>`; stored is its SHA-256. */
export function newToken(sessionId: string): { token: string; secretHash: Buffer } {
  const token = `${sessionId}.${randomBytes(32).toString('base64url')}`;
  return { token, secretHash: sha256(token) };
}

/** An id ordered by time, as the product's are: random ones would scatter the references' inserts over the whole index. */
export function newId(): string {
  const bytes = randomFillSync(Buffer.allocUnsafe(16));
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 15);
  bytes[8] = 0x80 | (bytes[8]! & 63);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The session id and the hash of a presented bearer token, or null. */
export function presented(authorization: string | undefined): { sessionId: string; hash: Buffer } | null {
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined;
  return token?.[36] === '.' ? { sessionId: token.slice(0, 36), hash: sha256(token) } : null;
}

/** Tells the bench where it listens. */
export function announce(port: number): void {
  process.on('SIGTERM', () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ event: 'api.listening', port })}\n`);
}

/** Counts one confirmation for its network and for the whole region, as ours does. */
export const COUNT = {
  name: 'count',
  text: `insert into rate_count (id, count, expires_at) values ($1, 1, $3), ($2, 1, $3)
    on conflict (id) do update set count = rate_count.count + 1, version = rate_count.version + 1 returning count`,
};

/** The windows of this hour: their rows' ids, and when they end. */
export function windowsOf(network: string): [network: string, region: string, ends: Date] {
  const hour = Math.floor(Date.now() / 3_600_000);
  const id = (of: string): string => {
    const hex = createHash('sha256').update(`${hour}/${of}`).digest('hex');
    return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };
  return [id(network), id('region'), new Date((hour + 1) * 3_600_000)];
}
