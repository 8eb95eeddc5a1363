import {
  createHash,
  createHmac,
  createSecretKey,
  hash as digest,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';
import { type Algorithm, hash, verify } from '@node-rs/argon2';

/** What both references compute as the product does; the way they reach their database is their own. */

export const POOL_SIZE = 10;
export const SIGNUP_TTL_MILLISECONDS = 30 * 60 * 1000;
export const SESSION_TTL_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;
/** A session that is not used so long is over; its use is noted when the note is older than {@link SEEN_MILLISECONDS}. */
const IDLE_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;
export const SEEN_MILLISECONDS = 5 * 60 * 1000;
/** How many devices of a person are known. */
export const DEVICES_MAX = 20;
/** How often something may be asked for in an hour: never too often here, as the product's limits are wide in a bench. */
export const PER_HOUR_MAX = 1_000_000;
/** How many sign-ins may fail in a row. */
export const FAILURES_MAX = 100;
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

/** What every answer carries, as ours: nobody may keep, guess, embed, frame or refer to it. */
export const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];

const EVERYONE = ['people.read', 'receipt.read'];
const ADMIN = [
  ...['account.rename', 'people.invite', 'people.remove', 'people.change_role', 'domains.manage', 'provider.read'],
  ...['tokens.manage', 'log.read', ...EVERYONE],
];
const BILLING = ['billing.read', 'billing.change'];
const OWNER = ['account.close', 'people.change_owners', 'policy.change', 'provider.change', ...BILLING, ...ADMIN];

/** What a role may do in an account. */
export const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  owner: OWNER,
  admin: ADMIN,
  billing: [...BILLING, ...EVERYONE],
  member: EVERYONE,
};

/** What of a session says whether it is still good. */
export interface Proof {
  readonly secretHash: Buffer;
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
}

/** Whether that session is the one whose secret was shown, and is not over. */
export function proves(hash: Buffer, { secretHash, expiresAt, lastSeenAt }: Proof): boolean {
  const now = Date.now();
  return (
    timingSafeEqual(secretHash, hash) && expiresAt.getTime() > now && lastSeenAt.getTime() > now - IDLE_MILLISECONDS
  );
}

/** A session in an account with a policy. */
export interface Entering {
  readonly status: string;
  readonly role: string;
  readonly factors: string;
  readonly providerId: string | null;
  readonly accountProviderId: string | null;
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
  readonly secondFactorRequired: boolean;
  readonly ownProviderRequired: boolean;
  readonly sessionIdleMinutes: number | null;
  readonly sessionAbsoluteHours: number | null;
}

/** Whether the account's state and policy let the session in. */
export function mayEnter(at: Entering): boolean {
  if (at.status !== 'active' && at.status !== 'restricted' && at.status !== 'closing') return false;
  const factors = at.factors.split(' ');
  const hasSecond = factors.includes('passkey') || new Set(factors).size > 1;
  const byOwnProvider = at.providerId !== null && at.providerId === at.accountProviderId;
  if (at.ownProviderRequired && !byOwnProvider && !(at.role === 'owner' && hasSecond)) return false;
  if (at.secondFactorRequired && !hasSecond) return false;
  const age = (since: Date): number => Date.now() - since.getTime();
  if (at.sessionIdleMinutes !== null && age(at.lastSeenAt) > at.sessionIdleMinutes * 60_000) return false;
  return at.sessionAbsoluteHours === null || age(at.authenticatedAt) <= at.sessionAbsoluteHours * 3_600_000;
}

const READS_PER_SECOND = 100;
const READS_AT_ONCE = 1_000;
const BUCKETS_MAX = 10_000;
const buckets = new Map<string, { tokens: number; at: number }>();

/** Takes one read from the bucket of a session, which fills again with time. @returns false when it is empty */
export function takeRead(sessionId: string): boolean {
  const now = performance.now();
  let bucket = buckets.get(sessionId);
  if (!bucket) {
    const [oldest] = buckets.keys();
    if (buckets.size >= BUCKETS_MAX && oldest !== undefined) buckets.delete(oldest);
    buckets.set(sessionId, (bucket = { tokens: READS_AT_ONCE, at: now }));
  }
  bucket.tokens = Math.min(READS_AT_ONCE, bucket.tokens + ((now - bucket.at) / 1000) * READS_PER_SECOND);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

/** `<device id>.<256 random bits>` of a device that is known from now on, for as long as a browser keeps a cookie. */
export function newDevice() {
  const id = newId();
  return { id, ...newToken(id), expiresAt: new Date(Date.now() + 400 * 24 * 60 * 60 * 1000) };
}

/** Counts one request in windows of this hour, of which `$1` are the ids. */
export const COUNT = {
  name: 'count',
  text: `insert into rate_count (id, count, expires_at) select id, 1, $2 from unnest($1::uuid[]) as windows (id) order by id
    on conflict (id) do update set count = rate_count.count + 1, version = rate_count.version + 1 returning count`,
};

/** The windows of this hour that something is counted in, and when they end. */
export function windowsOf(...subjects: readonly string[]): [ids: string[], ends: Date] {
  const hour = Math.floor(Date.now() / 3_600_000);
  return [subjects.map((each) => idOf(`${hour}/${each}`)), new Date((hour + 1) * 3_600_000)];
}

/** The id that a count of something has. */
export function idOf(subject: string): string {
  const hex = createHash('sha256').update(subject).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
