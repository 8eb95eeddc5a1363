import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type DatabasePurpose, IdCodec, type Region, Regions } from '@domicile/residency';
import { portTrouble } from '../../apps/cli/src/local/ports.js';
import { ENTITIES, KEY_STORE_MIGRATIONS, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { createDatabase, query, regions, type TestDatabase } from '../support/databases.js';
import { type Answer, ask, eventually } from '../support/http.js';
import { type Ended, Started, type Worker, filesBelow, workersOf } from '../support/started.js';

const PASSWORD = 'correct horse battery staple';
const SCHEMA = { entities: ENTITIES, migrations: MIGRATIONS };
const APPLIED = KEY_STORE_MIGRATIONS.length + MIGRATIONS.length;
const CODES = regions.codes;
const ids = new IdCodec(regions);

jest.setTimeout(60_000);

let folder: string;
const running: Started[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-start-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.signal('SIGKILL')));
});
afterAll(async () => {
  await eventually('every process to end', () => workersOf(folder).length === 0);
  rmSync(folder, { recursive: true, force: true });
});

function start(home: string, port: number, more: Readonly<Record<string, string>> = {}, stacks = false): Started {
  const env = { PORT: String(port), DOMICILE_HOME: home, ...more };
  const started = Started.script(stacks ? 'start:stacks' : 'start', env);
  running.push(started);
  return started;
}

/**
 * A port that is free, and so are those that `--stacks` adds the regions' numbers to. Below those that the kernel hands out, so that
 * nobody is given one of them between the look and the start.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    const all = [port, ...regions.all.map(({ number }) => port + number)];
    if ((await Promise.all(all.map((one) => portTrouble(one)))).every((trouble) => trouble === undefined)) return port;
  }
}

const at = (code: string, port: number, path: string, more: Partial<Parameters<typeof ask>[0]> = {}): Promise<Answer> =>
  ask({ port, path, ...more, headers: { host: `${code}.localhost:${port}`, ...more.headers } });

interface Member {
  readonly account: { readonly id: string };
  readonly person: { readonly id: string };
  readonly session: { readonly id: string; readonly token: string };
}

/** The whole way of a new customer, the code read from the region's mail folder. */
async function signUp(home: string, code: string, port: number, email: string): Promise<Member> {
  const acceptedPolicyVersion = (await at(code, port, '/v1/policies/current')).json<{ version: string }>().version;
  const json = { email, accountName: 'Analytical Engines', acceptedPolicyVersion };
  const asked = await at(code, port, `/v1/regions/${code}/signups`, { json });
  expect(asked.status).toBe(202);
  const { id } = asked.json<{ signup: { id: string } }>().signup;
  const mail = await eventually('the mail', () =>
    readdirSync(join(home, code, 'mail'))
      .filter((file) => file.endsWith('.eml'))
      .map((file) => readFileSync(join(home, code, 'mail', file), 'utf8'))
      .find((text) => text.includes(id)),
  );
  const digits = /^\d{8}$/m.exec(mail.replaceAll('\r', ''))![0];
  const confirmed = await at(code, port, `/v1/signups/${id}/confirmations`, {
    json: { code: digits, password: PASSWORD },
  });
  expect(confirmed.status).toBe(201);
  return confirmed.json<Member>();
}

async function readable(code: string, port: number, member: Member): Promise<number> {
  const headers = { authorization: `Bearer ${member.session.token}` };
  return (await at(code, port, `/v1/accounts/${member.account.id}`, { headers })).status;
}

/** One sentence on standard error and nothing else said, exit code 1, nothing left running. */
async function refusal(started: Started, home: string): Promise<string> {
  const { how, output, errors }: Ended = await started.ended;
  expect({ how, output }).toEqual({ how: 1, output: '' });
  expect(errors).toMatch(/^domicile: [^\n]+\.\n$/);
  expect(workersOf(home)).toEqual([]);
  return errors.replace('domicile: ', '').trim();
}

/** Where a region's servers are below the home: its rows', and its key store's. */
const place = (code: string, purpose: DatabasePurpose = 'rows'): string =>
  purpose === 'rows' ? code : join(code, 'key-store');

const databasePort = (home: string, code: string, purpose?: DatabasePurpose): number =>
  Number(readFileSync(join(home, place(code, purpose), 'postgres', 'postmaster.pid'), 'latin1').split('\n')[3]);

/** As the launcher's superuser: how the tests look into a database that only the product uses. */
function sql(home: string, code: string, text: string, purpose?: DatabasePurpose): Promise<Record<string, unknown>[]> {
  const password = readFileSync(join(home, place(code, purpose), 'keys', 'postgres.password'), 'utf8').trim();
  return query(`postgres://postgres:${password}@127.0.0.1:${databasePort(home, code, purpose)}/domicile`, text);
}

const isApi = ({ command }: Worker): boolean => command.includes('apps/api/src/main.js');

describe('npm start', () => {
  let home: string;
  let port: number;
  const members: Record<string, Member> = {};
  const markers: Record<string, string> = {};
  const email = (code: string): string => `canary-of-${code}-7f3a9d@example.org`;

  beforeAll(async () => {
    home = join(folder, 'home');
    port = await freePort();
  });

  it('brings up every region, says where everything is, and takes signups; Ctrl-C ends every process', async () => {
    const started = await start(home, port).ready();
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
        home,
      ])
        expect(started.output).toContain(place);
    }
    const listed = (await ask({ port, path: '/v1/regions' })).json<{ regions: { code: string; served: boolean }[] }>();
    expect(listed.regions.map(({ code, served }) => [code, served])).toEqual(CODES.map((code) => [code, true]));
    for (const code of CODES) {
      members[code] = await signUp(home, code, port, email(code));
      expect(await readable(code, port, members[code])).toBe(200);
      const [row] = await sql(home, code, 'select statement from residency.marker');
      markers[code] = (JSON.parse(row!['statement'] as string) as { database: string }).database;
    }

    await expectLeastRoles();
    const workers = workersOf(home);
    expect(workers.filter(isApi).length).toBe(1);
    for (const { files, command } of workers)
      expect([command, files.filter((file) => !belongs(file))]).toEqual([command, []]);
    for (const { command, files } of workers.filter((one) => !isApi(one) && one.pid !== started.pid))
      expect([
        command,
        new Set(files.filter((file) => file.startsWith(home)).map((file) => file.slice(home.length + 1).split('/')[0]))
          .size,
      ]).toEqual([command, 1]);
    for (const { environment } of workers.filter((one) => one.command.includes('postgres')))
      expect(Object.keys(environment).filter((name) => name.startsWith('DOMICILE_') || name === 'PORT')).toEqual([]);

    const before = workersOf(home).length;
    expect(before).toBeGreaterThan(3 + 2 * CODES.length);
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });
    expect(workersOf(home)).toEqual([]);
  });

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
          .concat('receipt-keys.json', 'receipt.1.key', 'receipt.1.pub')
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
    const second = await start(home, port).ready();
    for (const code of CODES) {
      expect(second.output).toMatch(new RegExp(`^${code} +database carries the right marker, schema up to date`, 'm'));
      expect(await readable(code, port, members[code]!)).toBe(200);
    }
    expect(second.output).not.toMatch(/sealed|applied/);
    await second.signal('SIGKILL');
    const third = await start(home, port).ready();
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
    const started = await start(home, port).ready();
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
      const ended = await start(home, port).ended;
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
      const ended = await start(home, port).ended;
      expect(ended).toMatchObject({ how: 1, errors: expect.stringMatching(/Region .+ has no wrapping key/) });
      expect(existsSync(wrapping)).toBe(false);
    } finally {
      renameSync(`${wrapping}.away`, wrapping);
    }
    const started = await start(home, port).ready();
    for (const each of CODES) expect(await readable(each, port, members[each]!)).toBe(200);
    await started.signal('SIGINT');
  });
});

describe('receipts on this machine', () => {
  const TOOL = join(import.meta.dirname, '../../tools/verify-receipt.mjs');

  it('are verified against the keys that npm start pinned, and after a rotation against old and new', async () => {
    const home = join(folder, 'receipts');
    const port = await freePort();
    const [code] = CODES as [string];
    const settings = { DOMICILE_HOME: home };
    const keys = (word: string): Promise<Ended> =>
      Started.command(['receipt-keys', word, '--region', code], settings).ended;
    expect(await keys('public')).toMatchObject({ how: 1, errors: expect.stringContaining('has no receipt key in') });

    const verdicts: Record<string, string> = {};
    const issue = async (name: string): Promise<void> => {
      const member = await signUp(home, code, port, `${name}@example.org`);
      const headers = { authorization: `Bearer ${member.session.token}` };
      verdicts[name] = join(home, `${name}.json`);
      const answer = await at(code, port, `/v1/accounts/${member.account.id}/residency`, { headers });
      writeFileSync(verdicts[name], answer.text);
    };
    const exits = (): (number | null)[] =>
      Object.values(verdicts).map((file) => spawnSync(process.execPath, [TOOL, file], { env: settings }).status);

    const first = await start(home, port).ready();
    await issue('first');
    const before = JSON.parse((await keys('public')).output) as { keyId: string }[];
    const after = JSON.parse((await keys('rotate')).output) as { keyId: string }[];
    expect(after.map(({ keyId }) => keyId)).toEqual([before[0]!.keyId, expect.not.stringContaining(before[0]!.keyId)]);
    // The process that still runs goes on with the key that it started with.
    await issue('between');
    expect(exits()).toEqual([0, 0]);
    await first.signal('SIGINT');

    await start(home, port).ready();
    await issue('second');
    expect(exits()).toEqual([0, 0, 0]);
    const keyIds = Object.values(verdicts).map((file) => /ed25519:[0-9a-f-]+/.exec(readFileSync(file, 'utf8'))![0]);
    expect(keyIds).toEqual([before[0]!.keyId, before[0]!.keyId, after[1]!.keyId]);
    const { keys: published } = (await at(code, port, '/.well-known/domicile/keys')).json<{ keys: object[] }>();
    expect(published).toMatchObject(after);
  });
});

describe('npm start, in one sentence,', () => {
  it('refuses a port in use before it makes anything', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
    );
    const home = join(folder, 'taken');
    const alternative = port > 60_000 ? 4000 : port + 10;
    expect(await refusal(start(home, port), home)).toBe(
      `Port ${port} is already in use; stop what listens there or choose another with PORT=…, for example PORT=${alternative}.`,
    );
    taken.close();
    expect(existsSync(home)).toBe(false);
  });

  it.each([
    ['a home that is a file', () => fileAt(join(folder, 'a-file'))],
    ['a home below a file', () => join(fileAt(join(folder, 'b-file')), 'home')],
    ['a home that takes no folders', () => `/proc/domicile-${process.pid}`],
  ])('refuses %s', async (_what, place) => {
    const home = place();
    expect(await refusal(start(home, await freePort()), home)).toMatch(
      /^The folder \S+ cannot be used \(.+\); set DOMICILE_HOME to a folder that this user may write\.$/,
    );
  });

  it.each([
    [
      'a misspelt setting',
      { DOMICILE_HOMES: 'x' },
      'DOMICILE_HOMES is not a setting of Domicile; correct the name or remove it.',
    ],
    [
      'a port that is none',
      { PORT: '70000' },
      'PORT is "70000", which is no port; set it to a whole number from 1 to 65535.',
    ],
  ])('refuses %s', async (_what, settings, sentence) => {
    const home = join(folder, 'settings');
    expect(await refusal(start(home, await freePort(), settings), home)).toBe(sentence);
    expect(existsSync(home)).toBe(false);
  });

  it('refuses a region file without a region', async () => {
    const home = join(folder, 'regionless');
    const file = join(folder, 'regions.json');
    writeFileSync(file, '{"regions": []}');
    expect(await refusal(start(home, await freePort(), { DOMICILE_REGIONS_FILE: file }), home)).toBe(
      'The region file must hold a non-empty list "regions".',
    );
  });
});

describe('npm run start:stacks', () => {
  it('starts where an initialisation was cut off, one process a region, each without the other', async () => {
    const home = join(folder, 'stacks');
    const cut = start(home, await freePort());
    await eventually('initdb of every region', () => CODES.every((code) => drafts(home, code).length > 0));
    await cut.signal('SIGKILL');
    expect(CODES.filter((code) => existsSync(join(home, code, 'postgres')))).toEqual([]);

    const port = await freePort();
    const ports = Object.fromEntries(regions.all.map(({ code, number }) => [code, port + number]));
    const local = Regions.load(join(import.meta.dirname, '../../deploy/regions.json'), ports);
    const started = await start(home, port, {}, true).ready();
    expect(CODES.flatMap((code) => drafts(home, code))).toEqual([]);
    const apis = workersOf(home).filter(isApi);
    expect(apis.map(({ environment }) => environment['DOMICILE_SERVES']).sort()).toEqual([...CODES].sort());

    for (const code of CODES) {
      const member = await signUp(home, code, ports[code]!, `a-${code}@example.org`);
      expect(await readable(code, ports[code]!, member)).toBe(200);
      const own = workersOf(home).find((one) => isApi(one) && one.environment['DOMICILE_SERVES'] === code)!;
      const { DOMICILE_PUBLIC_PORTS: publicPorts, ...rest } = own.environment;
      expect(publicPorts).toBe(
        Object.entries(ports)
          .map((pair) => pair.join('='))
          .join(),
      );
      for (const purpose of ['rows', 'keys'] as const)
        expect(own.connectedTo).toContain(databasePort(home, code, purpose));
      for (const other of CODES.filter((one) => one !== code)) {
        expect(Object.keys(rest).filter((name) => name.startsWith(`DOMICILE_${other.toUpperCase()}_`))).toEqual([]);
        const values = Object.values(rest).join('\n');
        for (const purpose of ['rows', 'keys'] as const) {
          expect(values).not.toContain(String(databasePort(home, other, purpose)));
          expect(own.connectedTo).not.toContain(databasePort(home, other, purpose));
        }
        for (const foreign of [join(home, other), String(ports[other])]) expect(values).not.toContain(foreign);
        expect(own.files.filter((file) => file.startsWith(join(home, other)))).toEqual([]);

        const { customer: origin } = local.get(other).origins;
        const misdirected = [
          await at(code, ports[code]!, `/v1/regions/${other}/signups`, { json: {} }),
          await at(code, ports[code]!, `/v1/accounts/${ids.mint('acct', regions.get(other))}`),
          await ask({ port: ports[code]!, path: '/v1/me', headers: { host: new URL(origin).host } }),
        ];
        for (const answer of misdirected) {
          expect(answer.status).toBe(421);
          expect(answer.json()).toMatchObject({ code: 'residency.misdirected', hostingRegion: { origin } });
        }
        expect(await readable(other, ports[other]!, member)).toBe(421);
      }
    }
    expect(await started.signal('SIGTERM')).toMatchObject({ how: 0, errors: '' });
    expect(workersOf(home)).toEqual([]);
  });

  it('leaves nothing running when Ctrl-C comes during the first start', async () => {
    const home = join(folder, 'impatient');
    const started = start(home, await freePort(), {}, true);
    await eventually('initdb', () => CODES.some((code) => drafts(home, code).length > 0));
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, output: expect.stringContaining('Stopping.') });
    expect(workersOf(home)).toEqual([]);
  });

  const drafts = (home: string, code: string): string[] =>
    [place(code), place(code, 'keys')]
      .filter((each) => existsSync(join(home, each)))
      .flatMap((each) => readdirSync(join(home, each)).filter((name) => name.startsWith('postgres.new.')));
});

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

    const port = await freePort();
    const started = await start(home, port, settings).ready();
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
      const refused = await start(home, port, swapped).ended;
      // Said by the process and by nobody else, then where to look.
      expect(refused).toMatchObject({
        how: 1,
        errors: expect.stringMatching(
          /^The API was not started: [^\n]+ is refused for region [^\n]+ it carries the marker of region [^\n]+\ndomicile: The API ended by itself \(exit code 1\); correct what it says above and start again\.\n$/,
        ),
      });
    }
    expect(workersOf(home)).toEqual([]);
    await Promise.all(pairs.flatMap(({ rows, keys }) => [rows.drop(), keys.drop()]));
  });
});

function fileAt(path: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  return path;
}
