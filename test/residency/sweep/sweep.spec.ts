import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REFUSED } from './journey.js';
import { ENCODINGS } from './needles.js';
import { isOf, ownOf } from './planting.js';
import { LEAKS, PLANTS } from './plants.js';
import { type Swept, sweep, told } from './sweep.js';
import { World } from './world.js';

const TOPOLOGIES = ['combined', 'separate'] as const;
const ALL_MILLISECONDS = 180_000;

/** What a clean run has at home: were one of these not found there, the sweep would look for the wrong things. */
const AT_HOME = [
  'answer: canary, raw',
  'answer: canary, JSON',
  'answer: resident id, raw',
  'answer: secret, raw',
  'key store: data key, raw',
  'key store: wrapped key, raw',
  'keys: credential, raw',
  'mail: canary, lower case',
  'process: credential, raw',
  'rest: blind index, raw',
  'rest: data key, raw',
  'rest: resident id, raw',
  'rest: sealed value, raw',
  'rest: sealed value, hex',
  'rest: secret, SHA-256',
];

describe('the sweep', () => {
  let world: World;
  let clean: Swept;
  let planted: Swept;

  beforeAll(async () => {
    world = await World.create();
    for (const topology of TOPOLOGIES) await world.live(topology);
    clean = await sweep(await world.needles(), await world.sinks());
    const needles = await world.needles();
    for (const plant of PLANTS) await plant.put(world, ownOf(world, plant.row));
    planted = await sweep([...needles, ...world.canaries.needles], await world.sinks());
  }, ALL_MILLISECONDS);
  afterAll(() => world?.close());

  it('follows journeys that went as they should', () => {
    expect(Object.entries(world.refused)).toEqual(
      TOPOLOGIES.flatMap((topology) => ['eu', 'us'].map((code) => [`${code}-${topology}`, REFUSED])),
    );
  });

  it('finds nothing where it must not be', () => {
    expect(clean.leaks.map(told)).toEqual([]);
  });

  it('finds at home what belongs there, so it looks for the right things', () => {
    expect([...clean.allowed]).toEqual(expect.arrayContaining(AT_HOME));
  });

  it.each(PLANTS)('catches row $row: $how', (plant) => {
    expect(planted.leaks.filter((leak) => isOf(plant, leak)).map(told)).not.toEqual([]);
  });

  it('catches them in every encoding', () => {
    const caught = planted.leaks.filter((leak) => PLANTS.some((plant) => isOf(plant, leak)));
    const encodings = new Set(caught.map(({ mark }) => mark.encoding));
    expect([...encodings].sort()).toEqual([...ENCODINGS].sort());
  });

  it('tells what it found without saying it', () => {
    const values = [...world.people.values()].flatMap(({ email, password, accountName, token }) => [
      email,
      password,
      accountName,
      token,
    ]);
    const words = planted.leaks.map(told).join('\n');
    expect(values.filter((value) => words.includes(value))).toEqual([]);
  });

  it('plants every row of the list that can be planted, and says why not of each other', () => {
    const rows = [...new Set(PLANTS.map(({ row }) => row))];
    expect(LEAKS.filter((row) => row.planted).map(({ row }) => row)).toEqual(rows);
    const caught = rows.filter((row) =>
      PLANTS.filter((plant) => plant.row === row).every((plant) => planted.leaks.some((leak) => isOf(plant, leak))),
    );
    const rest = LEAKS.filter((row) => !row.planted).map(
      ({ row, channel, reason }) => `  ${row} ${channel}: ${reason}`,
    );
    process.stderr.write(
      `The sweep: ${caught.length} of ${LEAKS.length} rows planted and caught, over ${planted.sinks} places. Not planted:\n${rest.join('\n')}\n`,
    );
  });
});
