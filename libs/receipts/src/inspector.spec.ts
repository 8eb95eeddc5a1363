import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Contexts,
  type Door,
  type Finding,
  IdCodec,
  type RegionContext,
  Regions,
  ResidencyError,
} from '@domicile/residency';
import { createEventLog } from '@domicile/runtime';
import { Inspector } from './inspector.js';

const regions = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4000);
const [here, there] = regions.all as [(typeof regions.all)[0], (typeof regions.all)[0]];
const contexts = new Contexts(new IdCodec(regions), regions, regions.all, 1000);

let now = new Date('2026-11-05T12:00:00.000Z');
const lines: string[] = [];
const log = createEventLog({ write: (line) => void lines.push(line) });
const events = () =>
  lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ event, region, code, level }) => ({ event, region, code, level }));
let inspector: Inspector;
afterEach(async () => {
  await inspector?.beforeApplicationShutdown();
  lines.length = 0;
});

/** An inspector of doors that answer what `inspect` gives for that region. */
function inspecting(
  inspect: (ctx: RegionContext, at: Date) => Promise<readonly Finding[]>,
  interval = 1_000_000,
): Inspector {
  return (inspector = new Inspector(contexts, { inspect } as unknown as Door, { now: () => now }, log, interval));
}
const finding = (holds: boolean, measuredAt: Date): Finding => ({ check: 'home', holds, measuredAt, detail: 'x' });

describe('the inspector', () => {
  it('has looked at every region, each in its own unit of work, before anything is served', async () => {
    const seen: string[] = [];
    const one = inspecting(async (ctx, at) => {
      seen.push(`${ctx.region.code} ${JSON.stringify(ctx.actor)}`);
      return [finding(true, at)];
    });
    expect(one.last(here)).toBeUndefined();
    await one.onApplicationBootstrap();
    expect(seen.sort()).toEqual([here, there].map(({ code }) => `${code} {"kind":"job","name":"inspection"}`).sort());
    for (const region of [here, there]) expect(one.last(region)).toEqual({ at: now, findings: [finding(true, now)] });
    expect(events()).toEqual([]);
  });

  it('looks again by itself', async () => {
    let looks = 0;
    const thrice = new Promise<void>((resolve) => {
      void inspecting(async (ctx, at) => {
        if (ctx.region === here && ++looks === 3) resolve();
        return [finding(true, at)];
      }, 1).onApplicationBootstrap();
    });
    await thrice;
  });

  it('keeps what it saw last while a region is away, so that it grows old, and the other region goes on', async () => {
    let away = false;
    const one = inspecting(async (ctx, at) => {
      if (away && ctx.region === here) throw new ResidencyError('residency.unavailable');
      return [finding(true, at)];
    });
    await one.onApplicationBootstrap();
    const first = now;
    away = true;
    now = new Date(now.getTime() + 300_000);
    await Promise.all([one.look(here), one.look(there)]);
    expect([one.last(here)!.at, one.last(there)!.at]).toEqual([first, now]);
    expect(events()).toEqual([
      { event: 'inspection.failed', region: here.code, code: 'residency.unavailable', level: 'warn' },
    ]);
  });

  it.each(['marker_missing', 'marker_mismatch', 'marker_moved'] as const)(
    'takes a refused database (%s) for a finding',
    async (code) => {
      const one = inspecting(() => Promise.reject(new ResidencyError(`residency.${code}`)));
      await one.look(here);
      expect(one.last(here)).toMatchObject({
        at: now,
        findings: [{ check: 'marker', holds: false, detail: expect.stringContaining(code) }],
      });
      expect(events()).toEqual([{ event: 'inspection.refused', region: here.code, code: 'marker', level: 'error' }]);
    },
  );

  it('raises what does not hold, by name, and keeps it', async () => {
    const one = inspecting(async (_, at) => [
      finding(false, at),
      { ...finding(true, at), check: 'role' },
      { ...finding(false, at), check: 'exits' },
    ]);
    await one.look(here);
    expect(one.last(here)!.findings.map(({ holds }) => holds)).toEqual([false, true, false]);
    expect(events()).toEqual([{ event: 'inspection.refused', region: here.code, code: 'home.exits', level: 'error' }]);
  });
});
