import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contexts, Door, IdCodec, type Region, type RegionContext } from '@domicile/residency';
import { FailureStreaks, Idempotency, RateLimits, Retention } from '@domicile/requests';
import { type Clock, createEventLog, type LimitSettings } from '@domicile/runtime';
import { BlindIndex, ensureRegionKeys, RegionKeys } from '@domicile/vault';
import { OutboxItem } from '@domicile/messaging';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { createDatabase, eu, regions, type TestDatabase, us } from './databases.js';
import { SCHEMA } from './installation.js';

export const LIMITS: LimitSettings = {
  signupsPerAddressHour: 3,
  signupsPerAddressDay: 5,
  signupsPerNetworkHour: 10,
  signupsPerRegionHour: 1_000,
  confirmationsPerNetworkHour: 4,
  confirmationsPerRegionHour: 1_000,
  signInsPerNetworkHour: 999_999,
  signInsPerAddressAndNetworkHour: 999_999,
  signInsPerRegionHour: 999_999,
  invitationsPerNetworkHour: 999_999,
  invitationsPerAccountDay: 999_999,
  signInsPerAddressHour: 999_999,
  signInFailuresInARow: 999_999,
  signupMailsPerSignupHour: 3,
  signupMailsPerNetworkHour: 1_000,
  recoveriesPerAddressTenMinutes: 3,
  recoveriesPerNetworkHour: 1_000,
  recoveriesPerRegionHour: 1_000,
  addressChangesPerPersonHour: 5,
  addressChangesPerAddressHour: 3,
  addressChangesPerNetworkHour: 1_000,
  readsPerSessionSecond: 1,
  authorizationsPerNetworkHour: 10,
  authorizationsPerRegionHour: 1000,
  providerChecksPerAccountHour: 60,
  providerChecksPerNetworkHour: 1000,
};

/** A clock that stands where it is put. */
export class StandingClock implements Clock {
  constructor(public at = new Date()) {}
  now = (): Date => new Date(this.at);
  forward(milliseconds: number): void {
    this.at = new Date(this.at.getTime() + milliseconds);
  }
}

/** What requests consist of below HTTP, as one process has it; several may work on the same databases. */
export class RequestProcess {
  readonly ids = new IdCodec(regions);
  readonly clock: StandingClock;
  readonly door: Door;
  readonly contexts: Contexts;
  readonly index: BlindIndex;
  readonly idempotency: Idempotency;
  readonly limits: RateLimits;
  readonly streaks: FailureStreaks;
  readonly retention: Retention;
  readonly lines: string[] = [];
  /** Rows of the outbox stand for an effect. */
  readonly #effects;

  private constructor(
    databases: readonly TestDatabase[],
    keysDir: string,
    clock: StandingClock,
    limits: LimitSettings,
  ) {
    this.clock = clock;
    const own = databases.map(({ options }) => new RegionDatabase({ ...options, poolSize: 10 }));
    this.door = new Door(own, this.ids);
    const served = databases.map(({ region }) => region);
    this.contexts = new Contexts(this.ids, regions, served, 10_000);
    const folders = databases.map(({ region }) => ({ region: region.code, keysDir: join(keysDir, region.code) }));
    this.index = new BlindIndex(new RegionKeys(folders));
    this.idempotency = new Idempotency(this.door, this.ids, this.index, clock);
    this.limits = new RateLimits(this.door, this.ids, this.index, clock, limits, this.contexts);
    this.streaks = new FailureStreaks(this.door, this.ids, this.index, clock, limits.signInFailuresInARow);
    this.#effects = this.door.table(OutboxItem);
    this.retention = new Retention(this.contexts, clock, createEventLog({ write: (line) => this.lines.push(line) }));
  }

  static async open(world: RequestWorld, limits = LIMITS): Promise<RequestProcess> {
    const one = new RequestProcess(world.databases, world.keysDir, world.clock, limits);
    await one.door.open();
    return one;
  }

  within<T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T> {
    return this.contexts.run({ region, actor: { kind: 'nobody' } }, work);
  }

  /** One effect, in a transaction; `inside` runs after it and before the commit. */
  async effect(ctx: RegionContext, inside: (tx: RegionContext) => Promise<void>): Promise<void> {
    await this.door.transaction(ctx, async (tx) => {
      const [id, subjectId] = [this.ids.mint('obx', tx.region), this.ids.mint('sgn', tx.region)];
      await this.#effects.insert(tx, { id, kind: 'effect', subjectKind: 'sgn', subjectId });
      await inside(tx);
    });
  }
}

/** Databases of both regions, keys, and one clock for all processes over them. */
export interface RequestWorld {
  readonly databases: readonly TestDatabase[];
  readonly keysDir: string;
  readonly clock: StandingClock;
  close(): Promise<void>;
}

export async function requestWorld(): Promise<RequestWorld> {
  const keysDir = mkdtempSync(join(tmpdir(), 'domicile-requests-'));
  for (const { code } of [eu, us]) ensureRegionKeys(join(keysDir, code));
  const databases = await Promise.all([eu, us].map((region) => createDatabase(region, SCHEMA)));
  return {
    databases,
    keysDir,
    clock: new StandingClock(),
    close: async () => {
      await Promise.all(databases.map((database) => database.drop()));
      rmSync(keysDir, { recursive: true, force: true });
    },
  };
}
