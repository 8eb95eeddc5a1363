import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { IdCodec, Regions } from '@domicile/residency';
import { KEY_STORE_MIGRATIONS, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { PASSWORD } from '../support/api.js';
import { query, regions } from '../support/databases.js';
import {
  at,
  CODES,
  combinedPort,
  drill,
  expectFrontDoor,
  freePort,
  isApi,
  isCatcher,
  isFrontDoor,
  isMailer,
  type Member,
  place,
  readable,
  signUp,
  sql,
} from '../support/drill.js';
import { ask, eventually } from '../support/http.js';
import { filesBelow, workersOf } from '../support/started.js';

const APPLIED = KEY_STORE_MIGRATIONS.length + MIGRATIONS.length;
const ids = new IdCodec(regions);

jest.setTimeout(60_000);

const ROOT = join(import.meta.dirname, '../..');
const TOOL = join(ROOT, 'tools/verify-receipt.mjs');

/** The SQL by which the README breaks what a receipt measures, and mends it; for its first region. */
function tourOfReceipts(): [breaking: string, mending: string] {
  const tour = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [breaking, mending, ...more] = [...tour.matchAll(/^sql "([^"]+)"/gm)].map(([, text]) => text!);
  expect([breaking, mending, more]).toEqual([expect.stringContaining('drop'), expect.stringContaining('add'), []]);
  return [breaking!, mending!];
}

const { folder, start } = drill();

describe('npm start', () => {
  let home: string;
  let door: number;
  let port: number;
  const members: Record<string, Member> = {};
  const markers: Record<string, string> = {};
  const email = (code: string): string => `canary-of-${code}-7f3a9d@example.org`;

  beforeAll(async () => {
    home = join(folder, 'home');
    door = await freePort();
    port = combinedPort(door);
  });

  it('brings up every region, says where everything is, and takes signups; Ctrl-C ends every process', async () => {
    const started = await start(home, door).ready();
    expect(started.output).toContain(`open http://localhost:${door}\n`);
    await expectFrontDoor(home, door, Object.fromEntries(CODES.map((code) => [code, port])));
    for (const { code, name } of regions.all) {
      for (const what of ['database', 'key store'])
        expect(started.output).toMatch(
          new RegExp(`^${code} +${what} \\(PostgreSQL 18\\) ready on 127\\.0\\.0\\.1:\\d+ `, 'm'),
        );
      expect(started.output).toMatch(new RegExp(`^${code} +database sealed for ${name}, ${APPLIED} migration`, 'm'));
      for (const place of [
        `http://${code}.localhost:${port}`,
        `http://${code}.localhost:${port}/docs`,
        join(home, code, 'mail'),
        join(home, code, 'logs', 'api.log'),
        join(home, code, 'logs', 'worker.log'),
        home,
      ])
        expect(started.output).toContain(place);
    }
    const listed = (await ask({ port, path: '/v1/regions' })).json<{ regions: { code: string; served: boolean }[] }>();
    expect(listed.regions.map(({ code, served }) => [code, served])).toEqual(CODES.map((code) => [code, true]));
    for (const code of CODES) {
      members[code] = await signUp(home, code, port, email(code));
      expect(await readable(code, port, members[code])).toBe(200);
      await expectInbox(code, started.output);
      const [row] = await sql(home, code, 'select statement from residency.marker');
      markers[code] = (JSON.parse(row!['statement'] as string) as { database: string }).database;
    }

    await expectLeastRoles();
    await expectReceipts();
    const workers = workersOf(home);
    expect(workers.filter(isApi).length).toBe(1);
    expect(workers.filter(isMailer).length).toBe(1);
    expect(workers.filter(isCatcher).length).toBe(CODES.length);
    for (const { files, command } of workers)
      expect([command, files.filter((file) => !belongs(file))]).toEqual([command, []]);
    const ofOneRegion = workers.filter((one) => ![isApi, isMailer, isCatcher, isFrontDoor].some((is) => is(one)));
    for (const { command, files } of ofOneRegion.filter(({ pid }) => pid !== started.pid))
      expect([
        command,
        new Set(files.filter((file) => file.startsWith(home)).map((file) => file.slice(home.length + 1).split('/')[0]))
          .size,
      ]).toEqual([command, 1]);
    for (const { environment } of workers.filter((one) => one.command.includes('postgres')))
      expect(Object.keys(environment).filter((name) => name.startsWith('DOMICILE_') || name === 'PORT')).toEqual([]);

    const before = workersOf(home).length;
    expect(before).toBeGreaterThan(4 + 2 * CODES.length);
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });
    expect(workersOf(home)).toEqual([]);
  });

  /** The inbox that the start names for a region shows the mails of that region, and of no other. */
  async function expectInbox(code: string, output: string): Promise<void> {
    const inboxes = [...output.matchAll(/^ +inbox +http:\/\/127\.0\.0\.1:(\d+)$/gm)].map(([, port]) => Number(port));
    expect(inboxes.length).toBe(CODES.length);
    const shown = await Promise.all(
      inboxes.map(async (port) => (await ask({ port, path: '/', headers: { host: `127.0.0.1:${port}` } })).text),
    );
    expect(shown.map((page) => page.includes(email(code)))).toEqual(regions.all.map((region) => region.code === code));
    expect(shown.map((page) => page.includes('Mails of'))).toEqual(CODES.map(() => true));
  }

  /** Files of the machine that a program may have open besides the home: what it was installed with. */
  const belongs = (file: string): boolean =>
    file.startsWith(`${home}/`) || /^\/(usr|lib|proc|dev|sys|etc)\/|\/node_modules\/|\/dist\//.test(file);

  /** On the launcher's own servers too, neither role is more than one that may log in, and the application gets into one database. */
  async function expectLeastRoles(): Promise<void> {
    for (const [code, purpose] of CODES.flatMap((one) => [[one, 'rows'] as const, [one, 'keys'] as const])) {
      const more = 'rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls';
      const roles = `select rolname as role, ${more} as more from pg_roles where rolname !~ '^pg_' order by 1`;
      expect(await sql(home, code, roles, purpose)).toEqual([
        { role: 'domicile_app', more: false },
        { role: 'domicile_owner', more: false },
        { role: 'postgres', more: true },
      ]);
      const url = new URL(readFileSync(join(home, place(code, purpose), 'run', 'database.url'), 'utf8').trim());
      for (const other of ['postgres', 'template1'])
        await expect(query(Object.assign(url, { pathname: `/${other}` }).href, 'select 1')).rejects.toMatchObject({
          code: '42501',
        });
    }
    // A credential of one server is none of another.
    const passwords = CODES.flatMap((code) =>
      (['rows', 'keys'] as const).flatMap((purpose) =>
        ['app', 'owner', 'postgres'].map((role) =>
          readFileSync(join(home, place(code, purpose), 'keys', `${role}.password`), 'utf8'),
        ),
      ),
    );
    expect(new Set(passwords).size).toBe(passwords.length);
  }

  /** Steps 8 and 9 of the tour in the README: what it says there is done here, with the keys that the tool finds by itself. */
  async function expectReceipts(): Promise<void> {
    const [code] = CODES as [string];
    const [breaking, mending] = tourOfReceipts();
    const { account, session } = members[code]!;
    const headers = { authorization: `Bearer ${session.token}` };
    const file = join(folder, 'receipt.json');
    const receipt = async (): Promise<{ status: number | null; stdout: string }> => {
      writeFileSync(file, (await at(code, port, `/v1/accounts/${account.id}/residency`, { headers })).text);
      return spawnSync(process.execPath, [TOOL, file], { encoding: 'utf8', env: { DOMICILE_HOME: home } });
    };
    const good = await receipt();
    expect([good.status, good.stdout]).toEqual([0, expect.stringContaining(`Keys from ${join(home, 'regions.json')}`)]);
    const [keyId] = /ed25519:[0-9a-f-]+/.exec(good.stdout)!;
    const mails = filesBelow(join(home, code, 'mail'));
    expect(mails.filter(({ bytes }) => bytes.includes(keyId)).length).toBe(mails.length);
    await sql(home, code, breaking);
    const no = await receipt();
    expect([no.status, no.stdout]).toEqual([1, expect.stringMatching(/\bNO\b/)]);
    await sql(home, code, mending);
    expect((await receipt()).status).toBe(0);
    rmSync(file);
  }

  it('keeps everything of a region below its own folder, for its owner alone', () => {
    // The one file beside them is the public region file with the receipt keys pinned.
    expect(readdirSync(home).sort()).toEqual([...CODES, 'regions.json'].sort());
    const pinned = Regions.load(join(home, 'regions.json'), port).all;
    expect(pinned.map(({ code, receiptKeys }) => [code, receiptKeys.length])).toEqual(CODES.map((code) => [code, 1]));
    expect(pinned.map((region) => ({ ...region, receiptKeys: [] }))).toEqual(
      Regions.load(join(import.meta.dirname, '../../deploy/regions.json'), port).all,
    );
    for (const code of CODES) {
      const server = ['keys', 'postgres', 'postgres.log', 'run'];
      expect(readdirSync(join(home, code)).sort()).toEqual([...server, 'key-store', 'logs', 'mail'].sort());
      expect(readdirSync(join(home, code, 'key-store')).sort()).toEqual(server);
      expect(readdirSync(join(home, code, 'keys')).sort()).toEqual(
        ['app', 'owner', 'postgres']
          .map((role) => `${role}.password`)
          .concat('index.key', 'marker.key', 'marker.pub', 'wrapping.1.key')
          .concat('receipt-keys.json', 'receipt.1.key', 'receipt.1.pub', 'oidc.1.key')
          .sort(),
      );
      // The wrapping key lies beside neither of what it would open.
      expect(readdirSync(join(home, code, 'key-store', 'keys')).filter((name) => !name.endsWith('.password'))).toEqual(
        [],
      );
      expect(readdirSync(join(home, code, 'mail')).length).toBe(1);
    }
    const open = filesBelow(home).filter(({ mode }) => (mode & 0o077) !== 0);
    expect(open.map(({ path }) => path).filter((path) => !path.endsWith('/marker.pub'))).toEqual([]);
  });

  it.each(CODES)('has nothing of %s in the folder of another region', (code) => {
    const { account, person, session } = members[code]!;
    const uuid = (id: string, prefix: string): string => ids.encode(id, prefix, regions.get(code));
    const uuids = [uuid(account.id, 'acct'), uuid(person.id, 'pers'), uuid(session.id, 'sess')];
    const traces: readonly (readonly [what: string, bytes: Buffer])[] = [
      ...[email(code), account.id, person.id, session.id, session.token, markers[code]!, ...uuids].map(
        (text) => [text, Buffer.from(text)] as const,
      ),
      ...uuids.map((one) => [`${one} as 16 bytes`, Buffer.from(one.replaceAll('-', ''), 'hex')] as const),
      ...readdirSync(join(home, code, 'keys')).map(
        (key) => [key, readFileSync(join(home, code, 'keys', key))] as const,
      ),
    ];
    const found = (files: readonly { bytes: Buffer }[]): string[] =>
      traces.filter(([, bytes]) => files.some((file) => file.bytes.includes(bytes))).map(([what]) => what);
    for (const other of CODES.filter((one) => one !== code)) expect(found(filesBelow(join(home, other)))).toEqual([]);
    // It was looked for in the right way: in the region's own folder it is there, as what the database and the mail are made of.
    expect(found(filesBelow(join(home, code)))).toEqual(
      expect.arrayContaining([
        email(code),
        markers[code],
        `${uuids[0]} as 16 bytes`,
        `${uuids[1]} as 16 bytes`,
        'index.key',
        'wrapping.1.key',
      ]),
    );
  });

  it.each(CODES)(
    'has what was typed in %s in clear in the mail alone: not in the data, the write-ahead log or the log of a server',
    (code) => {
      const files = filesBelow(join(home, code));
      const holding = (text: string): string[] =>
        files
          .filter(({ bytes }) => bytes.includes(text))
          .map(({ path }) => path.slice(join(home, code).length + 1).split('/')[0]!);
      expect(files.some(({ path }) => path.includes('/pg_wal/'))).toBe(true);
      expect(new Set(holding(email(code)))).toEqual(new Set(['mail']));
      for (const clear of ['Analytical Engines', PASSWORD, '$argon2id$', members[code]!.session.token])
        expect([clear, holding(clear)]).toEqual([clear, []]);
      // No data key of the region lies among its rows, nor what opens one.
      const wrapping = readFileSync(join(home, code, 'keys', 'wrapping.1.key'), 'utf8').trim();
      const secrets = [Buffer.from(wrapping), Buffer.from(wrapping, 'hex')];
      expect(
        files.filter(
          ({ path, bytes }) => !path.endsWith('/wrapping.1.key') && secrets.some((one) => bytes.includes(one)),
        ),
      ).toEqual([]);
    },
  );

  it('continues with the data of the first start, initialises nothing, and after a kill -9 starts again', async () => {
    const second = await start(home, door).ready();
    for (const code of CODES) {
      expect(second.output).toMatch(new RegExp(`^${code} +database carries the right marker, schema up to date`, 'm'));
      expect(await readable(code, port, members[code]!)).toBe(200);
    }
    expect(second.output).not.toMatch(/sealed|applied/);
    await second.signal('SIGKILL');
    const third = await start(home, door).ready();
    for (const code of CODES) expect(await readable(code, port, members[code]!)).toBe(200);

    const other = await start(home, await freePort()).ended;
    expect(other.how).toBe(1);
    expect(other.errors).toMatch(
      /^domicile: PostgreSQL of [a-z]+ is already running \(pid \d+\); stop it or set DOMICILE_HOME to another folder\.\n$/,
    );
    for (const code of CODES) expect(await readable(code, port, members[code]!)).toBe(200);

    await third.signal('SIGKILL');
    await eventually('every process of a killed command to end', () => workersOf(home).length === 0);
  });

  it('revives a key store that was killed, and the region is whole again', async () => {
    const started = await start(home, door).ready();
    const [code, other] = CODES as [string, string];
    const pid = (): number =>
      Number(readFileSync(join(home, place(code, 'keys'), 'postgres', 'postmaster.pid'), 'latin1').split('\n')[0]);
    const before = pid();
    process.kill(before, 'SIGKILL');
    await eventually('its revival', () => new RegExp(`^${code} +key store is back$`, 'm').test(started.output), 30_000);
    expect(started.output).toMatch(
      new RegExp(`^${code} +key store ended unexpectedly \\(.+\\); starting it again$`, 'm'),
    );
    expect(pid()).not.toBe(before);
    // What is kept opens again, and new subjects get keys.
    await eventually('a read', async () => (await readable(code, port, members[code]!)) === 200);
    const fresh = await signUp(home, code, port, `revived-${code}@example.org`);
    expect(await readable(code, port, fresh)).toBe(200);
    expect(await readable(other, port, members[other]!)).toBe(200);
    expect(started.output).not.toMatch(new RegExp(`^${other} +.*ended unexpectedly`, 'm'));
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });
  });

  it('refuses a home whose key store is gone or older, and makes no other: what is sealed would be lost behind a new one', async () => {
    const [code] = CODES as [string];
    const store = join(home, place(code, 'keys'));
    renameSync(store, `${store}.away`);
    try {
      const ended = await start(home, door).ended;
      expect(ended).toMatchObject({
        how: 1,
        errors: expect.stringMatching(/The key store of region .+ does not know .+ of the newest .+ keys in use/),
      });
    } finally {
      rmSync(store, { recursive: true, force: true });
      renameSync(`${store}.away`, store);
    }
    const wrapping = join(home, code, 'keys', 'wrapping.1.key');
    renameSync(wrapping, `${wrapping}.away`);
    try {
      const ended = await start(home, door).ended;
      expect(ended).toMatchObject({ how: 1, errors: expect.stringMatching(/Region .+ has no wrapping key/) });
      expect(existsSync(wrapping)).toBe(false);
    } finally {
      renameSync(`${wrapping}.away`, wrapping);
    }
    const started = await start(home, door).ready();
    for (const each of CODES) expect(await readable(each, port, members[each]!)).toBe(200);
    await started.signal('SIGINT');
  });
});
