import { createCipheriv, createDecipheriv, createSecretKey, hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type AccountId, Contexts, IdCodec, Regions, SecretCodec, type Region } from '@domicile/residency';
import { usable } from '../../libs/residency/src/context.js';
import { GuardedClient, PoolGuard } from '../../libs/residency/src/guarded-pool.js';
import { RegionRouter } from '../../libs/residency/src/http/region-router.js';
import { Permit, permits } from '../../libs/residency/src/permit.js';
import type { Bench } from './main.js';
import { finding, interval, judge, mean } from './statistics.js';

const BUDGET_MICROSECONDS = 3;
/** What the budget is of a value opened on the machine that it was set on: 3.4 µs for 150 bytes of AES-256-GCM there. */
const BUDGET_OF_A_VALUE = '<= 0.88';
const REPEATS_MIN = 15;
/** Runs of each part in one repeat; long enough that the clock's own cost does not count, short enough to slip between interruptions. */
const RUNS = 100_000;

/** One thing that the guard does, and how often it does so for one read. */
interface Part {
  readonly name: string;
  readonly times: number;
  /** Where it runs: inside a unit of work or not. */
  readonly around: (loop: () => void) => void;
  readonly run: () => unknown;
}

/**
 * What the guard itself costs a read, summed over its parts in one process: routing, unit of work, id checks both ways, permit, admission.
 * The SHA-256 of the presented secret is taken off: any API that stores secrets hashed pays it. Microseconds are as long as the machine is
 * slow, so the sum is held against a sealed value opened in the same rounds, too.
 */
export const guard: Bench = async ({ effort, note }) => {
  const { query } = pg.Client.prototype;
  try {
    const parts = await guardParts();
    const repeats = Math.max(REPEATS_MIN, effort.slices);
    const opening = valueOpened();
    for (const part of [...parts, opening]) measure(part);
    const openings: number[] = [];
    const rounds = Array.from({ length: repeats }, () => {
      openings.push(measure(opening));
      return parts.map((part) => measure(part));
    });
    const each = parts.map((_, i) => mean(rounds.map((round) => round[i]!)));
    parts.forEach(({ name, times }, i) =>
      note(`${name}: ${each[i]!.toFixed(3)} µs, ${times < 0 ? 'taken off' : `× ${times}`}`),
    );
    const sums = rounds.map((round) => round.reduce((sum, each, i) => sum + each * parts[i]!.times, 0));
    const [low, high] = interval(sums, mean);
    const ours = mean(sums);
    const figures = {
      ratio: ours / BUDGET_MICROSECONDS,
      low: low / BUDGET_MICROSECONDS,
      high: high / BUDGET_MICROSECONDS,
    };
    return [
      finding({ name: 'guard.share', unit: 'µs', target: '<= 1', ours, reference: BUDGET_MICROSECONDS }, figures),
      judge(
        'guard.share.value-opened',
        'µs',
        BUDGET_OF_A_VALUE,
        sums.map((sum, i) => ({ ours: sum, reference: openings[i]! })),
      ),
    ];
  } finally {
    pg.Client.prototype.query = query;
  }
};

/** Microseconds of CPU of one run: on a busy machine the clock on the wall counts what others do. */
function measure({ run, around }: Part): number {
  let microseconds = 0;
  around(() => {
    const before = process.threadCpuUsage();
    for (let i = 0; i < RUNS; i++) run();
    const { user, system } = process.threadCpuUsage(before);
    microseconds = (user + system) / RUNS;
  });
  return microseconds;
}

async function guardParts(): Promise<Part[]> {
  const file = join(import.meta.dirname, '../../deploy/regions.json');
  const regions = Regions.parse(JSON.parse(readFileSync(file, 'utf8')), 4000);
  const region = regions.all[0]!;
  const ids = new IdCodec(regions);
  const secrets = new SecretCodec(ids, { sst: 'sess' });
  const contexts = new Contexts(ids, regions, [region], 3_600_000);
  const account: AccountId = ids.mint('acct', region);
  const session = ids.mint('sess', region);
  const uuid = ids.encode(session, 'sess', region);
  const { text } = secrets.mint('sst', region, session);
  const authority = new URL(region.origins.customer).host;
  const addressed = {
    authority,
    path: `/v1/accounts/${account}`,
    params: { id: account },
    authorization: `Bearer ${text}`,
  };
  const router = new RegionRouter(regions, [region], ids, secrets);
  const outside = (loop: () => void): void => loop();
  const opened = contexts.open({ region, actor: { kind: 'nobody' }, requestId: 'r' });
  const inside = (loop: () => void): void => opened.enter(loop);
  const { unit } = opened.enter(() => usable(opened.context));
  const permit = new Permit(region, unit, false);
  const permitted = (loop: () => void): void => inside(() => permits.run(permit, loop));
  const part = (name: string, times: number, around: Part['around'], run: () => unknown): Part => ({
    name,
    times,
    around,
    run,
  });
  return [
    part('origin of the request', 1, outside, () => router.originOf(authority)),
    part('region of the request', 1, outside, () => router.resolve(addressed)),
    part('SHA-256 of the secret', -1, outside, () => Buffer.from(hash('sha256', text, 'hex'), 'hex')),
    part('unit of work opened, entered, closed', 1, outside, () => openAndClose(contexts, region)),
    part('narrowed to the account', 1, inside, () => opened.context.account(account)),
    part('context looked at', 3, inside, () => usable(opened.context)),
    part('id to its stored form', 2, outside, () => ids.encode(account, 'acct', region)),
    part('id from its stored form', 1, outside, () => ids.decode(uuid, 'sess', region)),
    part('permit issued and entered', 1, inside, () => permits.run(new Permit(region, unit, false), nothing)),
    part('statement admitted', 1, permitted, await admission(region, permit)),
  ];
}

/** 150 bytes of AES-256-GCM under a KeyObject, by Node alone. */
function valueOpened(): Part {
  const [key, nonce] = [createSecretKey(randomBytes(32)), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(randomBytes(150)), cipher.final()]);
  const tag = cipher.getAuthTag();
  const run = (): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  };
  return { name: 'value opened', times: 0, around: (loop) => loop(), run };
}

function openAndClose(contexts: Contexts, region: Region): void {
  const unit = contexts.open({ region, actor: { kind: 'nobody' }, requestId: 'r' });
  unit.enter(nothing);
  unit.close();
}

/** A guarded connection that nobody answers: what it admits goes to a driver that does nothing. */
async function admission(region: Region, permit: Permit): Promise<() => unknown> {
  const guard = new PoolGuard(region, () => Promise.resolve());
  const statement = { name: 'bench.read', text: 'select 1', values: ['a', 'b'] };
  guard.register(statement.name, statement.text);
  const client = new GuardedClient();
  await client.prove(guard);
  client.bind(permit);
  pg.Client.prototype.query = nothing as never;
  return () => client.query(statement) as unknown;
}

function nothing(): void {}
