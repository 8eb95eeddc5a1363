import {
  Contexts,
  Door,
  IdCodec,
  type KeyDoor,
  keyDoor,
  type Origin,
  type Region,
  type RegionContext,
  type RegionDatabaseOptions,
  SecretCodec,
} from '@domicile/residency';
import { Outbox } from '@domicile/messaging';
import { createEventLog, ID_PREFIXES, SECRET_PREFIXES } from '@domicile/runtime';
import { BlindIndex, FileKeyProvider, KeyStore, RegionKeys, Vault } from '@domicile/vault';
import { Account } from '../../libs/accounts/src/account.entity.js';
import { type Person, Person as PersonRow, PERSON_PROFILE } from '../../libs/accounts/src/person.entity.js';
import { PersonRepository } from '../../libs/accounts/src/person.repository.js';
import type { Welcome } from '../../libs/accounts/src/known-devices/sign-in-gate.js';
import { NOWHERE } from '../../libs/accounts/src/origin/origin.js';
import { LastSeen } from '../../libs/accounts/src/last-seen.js';
import { EventRepository } from '../../libs/accounts/src/security-log/event.repository.js';
import { SecurityLog } from '../../libs/accounts/src/security-log/security-log.js';
import { SessionRepository } from '../../libs/accounts/src/session.repository.js';
import { type NewSession, Sessions } from '../../libs/accounts/src/sessions.js';
import { ArrivalRepository } from '../../libs/accounts/src/sign-in/arrival.repository.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { regions, type TestDatabase } from './databases.js';
import type { Installation } from './installation.js';
import { StandingClock } from './requests.js';

const HOUR = 60 * 60 * 1000;
export const SETTINGS = { idleMilliseconds: 24 * HOUR, absoluteMilliseconds: 72 * HOUR };

/** A person with a value that is sealed under her key. */
export interface Somebody {
  readonly id: Person['id'];
  readonly sealed: Buffer;
}

/** Sessions and the security log as one process has them, below HTTP, on the databases of an installation. */
export class SessionProcess {
  readonly clock = new StandingClock();
  readonly ids = new IdCodec(regions);
  readonly secrets = new SecretCodec(this.ids, { [SECRET_PREFIXES.session]: ID_PREFIXES.session });
  readonly sessions: Sessions;
  readonly lastSeen: LastSeen;
  readonly log: SecurityLog;
  readonly events: EventRepository;
  readonly vault: Vault;
  readonly arrivals: ArrivalRepository;
  readonly #persons;
  readonly #contexts: Contexts;

  private constructor(
    installation: Installation,
    readonly door: Door,
    readonly keys: KeyDoor,
  ) {
    const folders = installation.codes.map((region) => ({ region, keysDir: `${installation.site(region).home}/keys` }));
    const quiet = createEventLog({ write: () => undefined });
    this.#contexts = new Contexts(this.ids, regions, regions.all, 20_000);
    this.vault = new Vault(this.#contexts, new KeyStore(keys), new FileKeyProvider(folders), this.ids, quiet);
    this.#persons = door.table(PersonRow);
    this.arrivals = new ArrivalRepository(door);
    // A foreign key leads to it.
    door.table(Account);
    const { ids, vault, clock, secrets } = this;
    const blindIndex = new BlindIndex(new RegionKeys(folders));
    this.log = new SecurityLog({ door, ids, vault, outbox: new Outbox(door, ids), blindIndex, clock });
    this.events = new EventRepository(door);
    const rows = new SessionRepository(door);
    const persons = new PersonRepository(door);
    this.lastSeen = new LastSeen(this.#contexts, rows, clock);
    this.sessions = new Sessions({
      door,
      sessions: rows,
      lastSeen: this.lastSeen,
      ids,
      secrets,
      clock,
      vault,
      persons,
      log: this.log,
      settings: SETTINGS,
    });
  }

  static async open(installation: Installation): Promise<SessionProcess> {
    const sites = installation.codes.map((code) => installation.site(code));
    const ids = new IdCodec(regions);
    const door = new Door(
      sites.map(({ database }) => new RegionDatabase({ ...ours(database), poolSize: 20 })),
      ids,
    );
    const keys = keyDoor(
      sites.map(({ keyStore }) => ours(keyStore)),
      ids,
    );
    const one = new SessionProcess(installation, door, keys);
    await Promise.all([door.open(), keys.open()]);
    return one;
  }

  async close(): Promise<void> {
    await Promise.all([this.door.close(), this.keys.close()]);
  }

  /** @param token of who asks; nobody when left out @param origin where she asks from */
  within<T>(
    region: Region,
    work: (ctx: RegionContext) => Promise<T>,
    token?: string,
    origin: Origin = NOWHERE,
  ): Promise<T> {
    const secret = token === undefined ? null : this.secrets.parse(token);
    const actor = secret ? { kind: 'bearer' as const, secret } : { kind: 'nobody' as const };
    return this.#contexts.run({ region, actor, origin: () => Promise.resolve(origin) }, work);
  }

  somebody(region: Region): Promise<Somebody> {
    return this.within(region, async (ctx) => {
      const id = this.ids.mint(ID_PREFIXES.person, region);
      const place = { subject: id, row: id, set: PERSON_PROFILE };
      const profile = { email: 'ada@example.org', displayName: null };
      const sealed = this.vault.seal(ctx, await this.vault.newKey(ctx), place, profile);
      await this.#persons.insert(ctx, { id, sealed });
      return { id, sealed };
    });
  }

  begin(
    region: Region,
    { id, sealed }: Somebody,
    { origin = NOWHERE, welcome }: { origin?: Origin; welcome?: Welcome } = {},
  ): Promise<NewSession> {
    return this.within(region, async (ctx) => {
      const from = { origin, key: await this.vault.keyOf(ctx, sealed) };
      const { session, row } = this.sessions.prepare(ctx, id, ['password'], from);
      await this.arrivals.begin(ctx, {
        session: row,
        line: this.log.beginning(ctx, id, row.id, from),
        welcome,
      });
      return session;
    });
  }

  /** What the presented token is worth: `right`, or the code of the refusal. That it was used is noted by then. */
  async worth(region: Region, token: string): Promise<string> {
    const worth = await this.within(region, (ctx) => this.sessions.authenticate(ctx), token).then(
      () => 'right',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
    await this.lastSeen.write();
    return worth;
  }
}

/** The regions of the installation are others than the ones that the ids here are read by, though they say the same. */
function ours({ options }: TestDatabase): RegionDatabaseOptions {
  return { ...options, region: regions.get(options.region.code) };
}
