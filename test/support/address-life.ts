import { join } from 'node:path';
import type { Person } from '@domicile/accounts';
import { CREDENTIAL_SECRET } from '@domicile/accounts';
import { type ClaimedItem, type Letter, Outbox, OutboxInspection, type Written } from '@domicile/messaging';
import { FailureStreaks, RateLimits } from '@domicile/requests';
import {
  Contexts,
  Door,
  IdCodec,
  type Id,
  keyDoor,
  type Region,
  type RegionContext,
  SecretCodec,
} from '@domicile/residency';
import { createEventLog, ID_PREFIXES, type LimitSettings, SECRET_PREFIXES } from '@domicile/runtime';
import { BlindIndex, FileKeyProvider, KeyStore, RegionKeys, Vault } from '@domicile/vault';
import { AddressLife } from '../../libs/accounts/src/address-life.js';
import { CredentialRepository } from '../../libs/accounts/src/credential.repository.js';
import { ADDRESS_INDEX, normaliseEmail } from '../../libs/accounts/src/email-address.js';
import type { NewDevice } from '../../libs/accounts/src/known-devices/known-devices.js';
import type { Admitted } from '../../libs/accounts/src/known-devices/sign-in-gate.js';
import { Challenges } from '../../libs/accounts/src/passkeys/challenges.js';
import { PasskeyMaking } from '../../libs/accounts/src/passkeys/passkey-making.js';
import { LastSeen } from '../../libs/accounts/src/last-seen.js';
import { PasswordHasher } from '../../libs/accounts/src/password.js';
import { PersonRepository } from '../../libs/accounts/src/person.repository.js';
import { Policies, PRIVACY_NOTICE } from '../../libs/accounts/src/policies.js';
import { RegistrationRepository } from '../../libs/accounts/src/registration.repository.js';
import { SecondFactorCheck } from '../../libs/accounts/src/recovery/second-factor-check.js';
import { SecurityLog } from '../../libs/accounts/src/security-log/security-log.js';
import { SessionRepository } from '../../libs/accounts/src/session.repository.js';
import { type ProvenSession, Sessions } from '../../libs/accounts/src/sessions.js';
import { ArrivalRepository } from '../../libs/accounts/src/sign-in/arrival.repository.js';
import { SessionStart } from '../../libs/accounts/src/sign-in/session-start.js';
import { SIGNUP_CODE, SignupMail } from '../../libs/accounts/src/signup-mail.js';
import { type SignupId, SignupRepository } from '../../libs/accounts/src/signup.repository.js';
import type { Confirmed } from '../../libs/accounts/src/registration.js';
import { Signup } from '../../libs/accounts/src/signup.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { regions } from './databases.js';
import { LIMITS, StandingClock } from './requests.js';
import type { SealedSite } from './sealing.js';

/** People who have nothing but a password. */
class NoSecondFactors extends SecondFactorCheck {
  of(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  prove(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** As many of everything as a test asks for. */
const NO_LIMITS = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, 999_999])) as unknown as LimitSettings;

export const NEW_PASSWORD = 'entirely another horse staple';

/** A person made by a signup. */
export interface Somebody {
  readonly id: Person['id'];
  readonly email: string;
  readonly proven: ProvenSession;
  readonly confirmed: Confirmed;
}

/** Signup, recovery and changes as one process has them, without Nest and without hashing: over real databases, at a clock of its own. */
export class LivingAddresses {
  readonly ids = new IdCodec(regions);
  readonly clock = new StandingClock();
  readonly door: Door;
  readonly contexts: Contexts;
  readonly life: AddressLife;
  readonly signup: Signup;
  readonly signups: SignupRepository;
  readonly signupMail: SignupMail;
  readonly outbox: Outbox;
  readonly inspection: OutboxInspection;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly credentials: CredentialRepository;
  readonly #start: SessionStart;
  readonly #keys;
  readonly #policies: Policies;
  #serial = 0;

  private constructor(
    readonly sites: readonly SealedSite[],
    limits: LimitSettings,
    secondFactors: SecondFactorCheck,
  ) {
    const { ids, clock } = this;
    const door = (this.door = new Door(
      sites.map(({ rows }) => new RegionDatabase({ ...rows.options, poolSize: 10 })),
      ids,
    ));
    this.#keys = keyDoor(
      sites.map(({ keys }) => keys.options),
      ids,
    );
    const folders = sites.map(({ region, rows }) => ({ region: region.code, keysDir: rows.keysDir }));
    const log = createEventLog({ write: () => undefined });
    this.contexts = new Contexts(
      ids,
      regions,
      sites.map(({ region }) => region),
      30_000,
    );
    const vault = (this.vault = new Vault(
      this.contexts,
      new KeyStore(this.#keys),
      new FileKeyProvider(folders),
      ids,
      log,
    ));
    const blindIndex = (this.blindIndex = new BlindIndex(new RegionKeys(folders)));
    const secrets = new SecretCodec(ids, {
      [SECRET_PREFIXES.session]: ID_PREFIXES.session,
      [SECRET_PREFIXES.device]: ID_PREFIXES.knownDevice,
    });
    const outbox = (this.outbox = new Outbox(door, ids));
    this.inspection = new OutboxInspection(door);
    const persons = new PersonRepository(door);
    const hasher = new PasswordHasher({
      hash: (password) => Promise.resolve(`hashed ${password}`),
      verify: (password, phc) => Promise.resolve(phc === `hashed ${password}`),
      isKnown: () => Promise.resolve(false),
    });
    this.signups = new SignupRepository(door);
    this.signupMail = new SignupMail(this.signups, blindIndex, vault, clock);
    this.credentials = new CredentialRepository(door);
    this.#policies = new Policies(join(import.meta.dirname, '../../deploy/policies'), clock);
    const securityLog = new SecurityLog({ door, ids, vault, outbox, blindIndex, clock });
    const month = 30 * 24 * 60 * 60 * 1000;
    const sessionRows = new SessionRepository(door);
    const sessions = new Sessions({
      door,
      sessions: sessionRows,
      lastSeen: new LastSeen(this.contexts, sessionRows, clock),
      ids,
      secrets,
      clock,
      vault,
      persons,
      log: securityLog,
      settings: { idleMilliseconds: month, absoluteMilliseconds: month },
    });
    const arrivals = new ArrivalRepository(door);
    this.#start = new SessionStart({ door, sessions, persons, log: securityLog, arrivals });
    const common = { door, ids, clock, outbox, blindIndex, vault, persons, hasher, sessions };
    this.signup = new Signup({
      ...common,
      signups: this.signups,
      registrations: new RegistrationRepository(door),
      mail: this.signupMail,
      policies: this.#policies,
      passkeys: new PasskeyMaking(ids, blindIndex, vault, new Challenges(door, ids, blindIndex, clock)),
    });
    this.life = new AddressLife({
      ...common,
      credentials: this.credentials,
      sessionRows,
      secrets,
      limits: new RateLimits(door, ids, blindIndex, clock, limits, this.contexts),
      streaks: new FailureStreaks(door, ids, blindIndex, clock, limits.signInFailuresInARow),
      securityLog,
      secondFactors,
    });
  }

  static async open(
    sites: readonly SealedSite[],
    {
      limits = {},
      secondFactors = new NoSecondFactors(),
    }: { limits?: Partial<LimitSettings>; secondFactors?: SecondFactorCheck } = {},
  ): Promise<LivingAddresses> {
    const one = new LivingAddresses(sites, { ...NO_LIMITS, ...limits }, secondFactors);
    await Promise.all([one.door.open(), one.#keys.open()]);
    return one;
  }

  async close(): Promise<void> {
    await Promise.all([this.door.close(), this.#keys.close()]);
  }

  within<T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T> {
    return this.contexts.run({ region, actor: { kind: 'nobody' } }, work);
  }

  freshEmail(): string {
    return `p${this.#serial++}-${Math.random().toString(36).slice(2)}@example.org`;
  }

  /** A signup asked for, with its code. */
  async asked(region: Region, email = this.freshEmail(), language: 'en' | 'de' | null = null) {
    const acceptedPolicyVersion = this.#policies.current(PRIVACY_NOTICE).version;
    const typed = { email, accountName: 'Engines', displayName: 'Ada', language, acceptedPolicyVersion };
    const { id } = await this.within(region, (ctx) => this.signup.start(ctx, typed));
    return {
      id,
      email,
      code: await this.within(region, (ctx) => Promise.resolve(this.signupMail.code(ctx, { id, issue: 1 }))),
    };
  }

  async somebody(region: Region, email = this.freshEmail(), language: 'en' | 'de' | null = null): Promise<Somebody> {
    const { id: signup, code } = await this.asked(region, email, language);
    const confirmed = await this.within(region, (ctx) =>
      this.signup.confirm(ctx, signup, { code, password: 'correct horse battery staple' }),
    );
    const id = confirmed.person.id as Person['id'];
    const { session } = confirmed;
    const authenticatedAt = this.clock.now();
    const proven = { sessionId: session.id, personId: id, authenticatedAt, factors: [], expiresAt: session.expiresAt };
    return { id, email, proven, confirmed };
  }

  /** The end of a sign-in by her password that the gate has let in. @returns the device, if it is new */
  async arrived(ctx: RegionContext, personId: Person['id'], admitted: Admitted): Promise<NewDevice | undefined> {
    const welcome = this.life.gate.welcome(ctx, admitted, personId);
    const arrival = { personId, factors: ['password'] } as const;
    return (await this.#start.begin(ctx, arrival, { welcome })).device;
  }

  /** The hash of who signs in with that address; null when nobody does. */
  async passwordOf(region: Region, email: string): Promise<string | null> {
    return this.within(region, async (ctx) => {
      const found = await this.credentials.byAddress(ctx, this.addressKey(ctx, email));
      if (!found) return null;
      const place = { subject: found.personId, row: found.id, set: CREDENTIAL_SECRET, sealed: found.sealed };
      return (await this.vault.open(ctx, place)).secret;
    });
  }

  addressKey(ctx: RegionContext, email: string): Buffer {
    return this.blindIndex.of(ctx, ADDRESS_INDEX, normaliseEmail(email)!);
  }

  /** The letters that outbox items about those signups become. */
  async signupLetters(region: Region, ids: readonly SignupId[]): Promise<readonly Written[]> {
    const items = ids.map((id) => this.#item(region, SIGNUP_CODE, id));
    return this.within(region, (ctx) => this.signupMail.composeAll(ctx, items));
  }

  /** The letter that an outbox item of that kind about that subject becomes. */
  async letter(region: Region, kind: string, subjectId: Id): Promise<Letter | null> {
    if (kind === SIGNUP_CODE) {
      const [written] = await this.signupLetters(region, [subjectId as SignupId]);
      if (written!.status === 'rejected') throw written!.reason;
      return written!.value;
    }
    const item = this.#item(region, kind, subjectId);
    const { recoveryMail, addressChangeMail, passwordChange } = this.life;
    return this.within(region, async (ctx) => {
      if (kind === 'recovery.code') return recoveryMail.composeCode(ctx, item);
      if (kind === 'recovery.done') return recoveryMail.composeDone(ctx, item);
      if (kind === 'address_change.code') return addressChangeMail.composeCode(ctx, item);
      if (kind === 'address_change.done') return addressChangeMail.composeChanged(ctx, item);
      return passwordChange.compose(ctx, item);
    });
  }

  #item(region: Region, kind: string, subjectId: Id): ClaimedItem {
    return { id: this.ids.mint(ID_PREFIXES.outbox, region), kind, subjectId, attempts: 1 };
  }

  /** SQL as superuser. */
  sql(region: Region, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.sites.find((site) => site.region === region)!.rows.sql('superuser', text, values);
  }

  /** A row's uuid as the database has it. */
  uuid(region: Region, id: Id): string {
    return this.ids.encode(id, id.slice(0, id.indexOf('_')), region);
  }

  /** What the person's security log tells, in order. */
  async told(region: Region, person: Person['id']): Promise<unknown[]> {
    const rows = await this.sql(region, 'select kind from person_event where person_id = $1 order by id', [
      this.uuid(region, person),
    ]);
    return rows.map(({ kind }) => kind);
  }
}

/** The digits of a letter, and what its link carries. */
export function codesOf(letter: Letter): { digits: string | undefined; link: URLSearchParams; href: string } {
  const code = letter.parts.find((part) => part.kind === 'code');
  const link = letter.parts.find((part) => part.kind === 'link');
  const href = link?.href ?? '';
  return { digits: code?.code, link: new URLSearchParams(new URL(href || 'x:').hash.slice(1)), href };
}

/** The code of what is thrown, or 'done'. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'string') throw error;
    return code;
  }
}
