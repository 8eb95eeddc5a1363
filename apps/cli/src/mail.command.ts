import { join } from 'node:path';
import {
  Contexts,
  type Id,
  IdCodec,
  markerPublicKey,
  type Region,
  type RegionContext,
  Regions,
  rowDoor,
} from '@domicile/residency';
import { OutboxInspection, type OutboxState } from '@domicile/messaging';
import { type ID_PREFIXES } from '@domicile/runtime';
import type { CliSettings } from './cli-settings.js';

const LOOK_MILLISECONDS_MAX = 10_000;

/** What `domicile mail` is asked. */
export type MailRequest =
  | { readonly action: 'status'; readonly region?: string | undefined }
  | { readonly action: 'retry'; readonly region: string; readonly items: readonly string[] };

/**
 * `domicile mail`: shows what waits and what was given up in the outbox of a region (of each, where none is named), and revives what
 * was given up. Numbers, ids and words of the code; whom a mail is for is not looked at.
 * @returns the exit code: 1 for a status with something dead in it
 * @throws Error in one sentence when a database cannot be reached or an id is none of the region's outbox
 */
export async function mail(settings: CliSettings, request: MailRequest): Promise<number> {
  const regions = Regions.load(settings.regionsFile, settings.port);
  const asked = request.region === undefined ? regions.all : [regions.get(request.region)];
  let dead = 0;
  for (const region of asked) {
    await withOutbox(settings, regions, region, async (outbox, unit) => {
      if (request.action === 'retry') {
        const items = request.items as readonly Id<typeof ID_PREFIXES.outbox>[];
        const revived = await unit((ctx) => outbox.revive(ctx, items));
        process.stdout.write(`${region.code}: ${revived} will be tried again.\n`);
        return;
      }
      const state = await unit((ctx) => outbox.state(ctx));
      dead += state.dead;
      process.stdout.write(lines(region, state));
    });
  }
  return dead > 0 ? 1 : 0;
}

function lines({ code }: Region, { waiting, failing, dead, oldestSeconds, deadItems }: OutboxState): string {
  const oldest = oldestSeconds === null ? '' : `, the oldest for ${oldestSeconds} s`;
  return [
    `${code}: ${waiting} waiting (${failing} of them failed before${oldest}), ${dead} dead`,
    ...deadItems.map((item) => `${code}:   ${item.id} ${item.kind} ${item.code ?? ''}`.trimEnd()),
    ...(dead > deadItems.length ? [`${code}:   and ${dead - deadItems.length} more`] : []),
    '',
  ].join('\n');
}

type Unit = <T>(work: (ctx: RegionContext) => Promise<T>) => Promise<T>;

async function withOutbox(
  settings: CliSettings,
  regions: Regions,
  region: Region,
  work: (outbox: OutboxInspection, unit: Unit) => Promise<void>,
): Promise<void> {
  const { url, ca } = settings.rows(region.code);
  const { stack, environment } = settings;
  const publicKey = markerPublicKey(join(settings.regionHome(region.code), 'keys'));
  const expected = { stack, environment, publicKey };
  const ids = new IdCodec(regions);
  const door = rowDoor([{ region, url, ...(ca === undefined ? {} : { ca }), expected, poolSize: 1 }], ids);
  const outbox = new OutboxInspection(door);
  const contexts = new Contexts(ids, regions, [region], LOOK_MILLISECONDS_MAX);
  await door.open();
  try {
    await work(outbox, (unit) => contexts.run({ region, actor: { kind: 'job', name: 'mail' } }, unit));
  } finally {
    await door.close();
  }
}
