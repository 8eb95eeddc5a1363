import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Region } from '@domicile/residency';
import { KEY_STORE_MIGRATIONS, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { createDatabase, regions, type TestDatabase } from '../support/databases.js';
import { CODES, combinedPort, drill, freePort, isApi, place, readable, signUp } from '../support/drill.js';
import { type Ended, Started, filesBelow, workersOf } from '../support/started.js';
import { SCHEMA } from '../support/installation.js';

jest.setTimeout(120_000);

const { folder, start } = drill();

/** Both databases of one region. */
interface Pair {
  readonly region: Region;
  readonly rows: TestDatabase;
  readonly keys: TestDatabase;
}

describe('databases of one’s own', () => {
  const settingsOf = ({ region, provision, appUrl, ownerUrl }: TestDatabase): Record<string, string> => {
    const infix = provision.purpose === 'keys' ? 'KEY_' : '';
    const prefix = `DOMICILE_${region.code.toUpperCase()}`;
    return { [`${prefix}_${infix}DATABASE_URL`]: appUrl, [`${prefix}_OWNER_${infix}DATABASE_URL`]: ownerUrl };
  };
  /** Both databases of a region, as somebody else's servers have them: empty. */
  const emptyOnes = async (region: Region): Promise<Pair> => {
    const [rows, keys] = await Promise.all(
      (['rows', 'keys'] as const).map((purpose) => createDatabase(region, SCHEMA, { purpose, prepare: 'empty' })),
    );
    return { region, rows: rows!, keys: keys! };
  };

  /** The command on the first region's databases, which nobody has sealed, with a home of its own. */
  async function unsealed(home: string, words: (code: string) => readonly string[]): Promise<Ended> {
    const { region, rows, keys } = await emptyOnes(regions.all[0]!);
    const settings = { DOMICILE_HOME: home, ...settingsOf(rows), ...settingsOf(keys) };
    const ended = await Started.command(words(region.code), settings).ended;
    await Promise.all([rows.drop(), keys.drop()]);
    return ended;
  }

  it('are refused by migrate before init, which makes no key and so leaves everything to init', async () => {
    const home = join(folder, 'too-early');
    const ended = await unsealed(home, (code) => ['migrate', '--region', code]);
    expect(ended).toEqual({ how: 1, output: '', errors: expect.stringMatching(/marker/) });
    expect(filesBelow(folder).filter(({ path }) => path.startsWith(home))).toEqual([]);
  });

  it.each([[[]], [['--keys']]])('are not sealed by the word that stands for our own servers %s', async (more) => {
    const home = join(folder, `word${more.join()}`);
    const ended = await unsealed(home, (code) => ['init', '--region', code, ...more, '--confirm', 'embedded']);
    expect(ended).toEqual({ how: 1, output: '', errors: expect.stringContaining('--confirm says embedded') });
  });

  it('are not brought up to date without a key store, which is named', async () => {
    const { region, rows, keys } = await emptyOnes(regions.all[0]!);
    const settings = { DOMICILE_HOME: join(folder, 'keyless'), ...settingsOf(rows) };
    const ended = await Started.command(['migrate', '--region', region.code], settings).ended;
    expect(ended).toEqual({
      how: 1,
      output: '',
      errors: expect.stringMatching(
        /^domicile: Region \w+ has no external key store to work on .*OWNER_KEY_DATABASE_URL/,
      ),
    });
    await Promise.all([rows.drop(), keys.drop()]);
  });

  it('are sealed by init after a person named them, brought up to date by migrate, and served by start', async () => {
    const home = join(folder, 'external');
    const pairs = await Promise.all(regions.all.map(emptyOnes));
    const databases = pairs.map(({ rows }) => rows);
    const settings = Object.assign(
      { DOMICILE_HOME: home },
      ...pairs.flatMap(({ rows, keys }) => [settingsOf(rows), settingsOf(keys)]),
    ) as Record<string, string>;
    const domicile = (...words: string[]): Promise<Ended> => Started.command(words, settings).ended;
    const endpoint = ({ ownerUrl, name }: TestDatabase): string => `${new URL(ownerUrl).host}/${name}`;
    const said = (output: string): Ended => ({ how: 0, output, errors: '' });
    const [first, second] = databases as [TestDatabase, TestDatabase];
    const { code, name } = first.region;

    const unsealed = await start(home, await freePort(), settings).ended;
    expect(unsealed).toMatchObject({
      how: 1,
      errors: expect.stringContaining('marker.pub is missing; run "domicile init" for this region first'),
    });

    for (const [target, ...options] of [[first], [pairs[0]!.keys, '--keys']] as const) {
      // The one of the other purpose is as wrong as that of the other region.
      const wrong = [endpoint(second), endpoint(target === first ? pairs[0]!.keys : first), target.name, ''];
      const outcomes = await Promise.all(
        wrong.map((confirm) => domicile('init', '--region', code, ...options, '--confirm', confirm)),
      );
      expect(outcomes.map(({ how, errors }) => [how, errors])).toEqual(
        wrong.map((confirm) => [
          1,
          `domicile: --confirm says ${confirm}, but the owner's URL of region ${code} leads to ${endpoint(target)}; confirm that one if it is right.\n`,
        ]),
      );
      expect(await target.sql('superuser', "select to_regnamespace('residency') is null as untouched")).toEqual([
        { untouched: true },
      ]);
    }

    const prepare = async ({ region, rows, keys }: Pair): Promise<void> => {
      const where = `(stack local, environment development).\n`;
      for (const [database, what, ...options] of [
        [keys, 'as the key store of', '--keys'],
        [rows, 'for'],
      ] as const) {
        const init = ['init', '--region', region.code, ...options, '--confirm', endpoint(database)];
        const sealed = (how: string): Ended =>
          said(`${endpoint(database)} ${how} sealed ${what} ${region.name} ${where}`);
        expect(await domicile(...init)).toEqual(sealed('is now'));
        expect(await domicile(...init)).toEqual(sealed('was already'));
      }
      const migrate = ['migrate', '--region', region.code];
      const all = [...KEY_STORE_MIGRATIONS, ...MIGRATIONS];
      expect(await domicile(...migrate)).toEqual(
        said(all.map((one) => `${region.code}: applied ${one.name}\n`).join('')),
      );
      expect(await domicile(...migrate)).toEqual(said(`${region.code}: schema up to date.\n`));
    };
    await Promise.all(pairs.map(prepare));

    const door = await freePort();
    const port = combinedPort(door);
    const started = await start(home, door, settings).ready();
    for (const { region, name: database } of databases) {
      expect(started.output).toMatch(new RegExp(`^${region.code} +uses the database of its settings`, 'm'));
      for (const server of [place(region.code), place(region.code, 'keys')])
        expect(existsSync(join(home, server, 'postgres'))).toBe(false);
      const member = await signUp(home, region.code, port, `b-${region.code}@example.org`);
      expect(await readable(region.code, port, member)).toBe(200);
      expect(database).not.toBe(name);
    }
    const [api] = workersOf(home).filter(isApi);
    expect(Object.keys(api!.environment).filter((variable) => variable.includes('OWNER'))).toEqual([]);
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });

    // Swapped by mistake: each is found to be the other's, and nothing is served.
    const urls = Object.fromEntries(
      pairs.flatMap(({ rows, keys }) => [rows, keys]).flatMap((each) => Object.entries(settingsOf(each))),
    );
    const variable = (of: string, infix = ''): string => `DOMICILE_${of.toUpperCase()}_${infix}DATABASE_URL`;
    const [one, other] = CODES as [string, string];
    for (const [a, b] of [
      [variable(one), variable(other)],
      [variable(one, 'KEY_'), variable(other, 'KEY_')],
      [variable(one), variable(one, 'KEY_')],
    ] as const) {
      const swapped = Object.fromEntries(
        Object.entries({ ...urls, [a]: urls[b]!, [b]: urls[a]! }).filter(([key]) => !key.includes('OWNER')),
      );
      const refused = await start(home, door, swapped).ended;
      expect(refused).toMatchObject({
        how: 1,
        // Said by the process and by nobody else, then where to look.
        errors: expect.stringMatching(
          /^The (?:API|worker) was not started: [^\n]+ is refused for region [^\n]+ it carries the marker of region [^\n]+\ndomicile: The (?:API|worker) ended by itself \(exit code 1\); correct what it says above and start again\.\n$/,
        ),
      });
    }
    expect(workersOf(home)).toEqual([]);
    await Promise.all(pairs.flatMap(({ rows, keys }) => [rows.drop(), keys.drop()]));
  });
});
