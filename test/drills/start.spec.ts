import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { IdCodec, Regions } from '@domicile/residency';
import { portTrouble } from '../../apps/cli/src/local/ports.js';
import { ENTITIES, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { createDatabase, query, regions } from '../support/databases.js';
import { type Answer, ask, eventually } from '../support/http.js';
import { type Ended, Started, type Worker, filesBelow, workersOf } from '../support/started.js';

const PASSWORD = 'correct horse battery staple';
const SCHEMA = { entities: ENTITIES, migrations: MIGRATIONS };
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

const databasePort = (home: string, code: string): number =>
  Number(readFileSync(join(home, code, 'postgres', 'postmaster.pid'), 'latin1').split('\n')[3]);

/** As the launcher's superuser: how the tests look into a database that only the product uses. */
function sql(home: string, code: string, text: string, database = 'domicile'): Promise<Record<string, unknown>[]> {
  const password = readFileSync(join(home, code, 'keys', 'postgres.password'), 'utf8').trim();
  return query(`postgres://postgres:${password}@127.0.0.1:${databasePort(home, code)}/${database}`, text);
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
      expect(started.output).toMatch(new RegExp(`^${code} +PostgreSQL 18 ready on 127\\.0\\.0\\.1:\\d+ `, 'm'));
      expect(started.output).toMatch(
        new RegExp(`^${code} +database sealed for ${name}, ${MIGRATIONS.length} migration`, 'm'),
      );
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
    expect(before).toBeGreaterThan(3 + CODES.length);
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });
    expect(workersOf(home)).toEqual([]);
  });

  /** Files of the machine that a program may have open besides the home: what it was installed with. */
  const belongs = (file: string): boolean =>
    file.startsWith(`${home}/`) || /^\/(usr|lib|proc|dev|sys|etc)\/|\/node_modules\/|\/dist\//.test(file);

  /** On the launcher's own servers too, neither role is more than one that may log in, and the application gets into one database. */
  async function expectLeastRoles(): Promise<void> {
    for (const code of CODES) {
      const more = 'rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls';
      expect(
        await sql(
          home,
          code,
          `select rolname as role, ${more} as more from pg_roles where rolname !~ '^pg_' order by 1`,
        ),
      ).toEqual([
        { role: 'domicile_app', more: false },
        { role: 'domicile_owner', more: false },
        { role: 'postgres', more: true },
      ]);
      const url = new URL(readFileSync(join(home, code, 'run', 'database.url'), 'utf8').trim());
      for (const other of ['postgres', 'template1'])
        await expect(query(Object.assign(url, { pathname: `/${other}` }).href, 'select 1')).rejects.toMatchObject({
          code: '42501',
        });
    }
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
      expect(readdirSync(join(home, code)).sort()).toEqual(['keys', 'logs', 'mail', 'postgres', 'postgres.log', 'run']);
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
      ]),
    );
  });

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
});

describe('receipts on this machine', () => {
  const TOOL = join(import.meta.dirname, '../../tools/verify-receipt.mjs');

  it('are verified against the keys that npm start pinned, and after a rotation against old and new', async () => {
    const home = join(folder, 'receipts');
    const port = await freePort();
    const [code] = CODES as [string];
    const settings = { DOMICILE_HOME: home };
    const keys = (word: string): Promise<Ended> => Started.command(['keys', word, '--region', code], settings).ended;
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
      expect(own.connectedTo).toContain(databasePort(home, code));
      for (const other of CODES.filter((one) => one !== code)) {
        expect(Object.keys(rest).filter((name) => name.startsWith(`DOMICILE_${other.toUpperCase()}_`))).toEqual([]);
        const values = Object.values(rest).join('\n');
        for (const foreign of [join(home, other), String(ports[other]), String(databasePort(home, other))])
          expect(values).not.toContain(foreign);
        expect(own.connectedTo).not.toContain(databasePort(home, other));
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
    existsSync(join(home, code))
      ? readdirSync(join(home, code)).filter((name) => name.startsWith('postgres.new.'))
      : [];
});

describe('databases of one’s own', () => {
  /** The command on the first region's database, which nobody has sealed, with a home of its own. */
  async function unsealed(home: string, words: (code: string) => readonly string[]): Promise<Ended> {
    const [region] = regions.all;
    const database = await createDatabase(region!, SCHEMA, { prepare: 'empty' });
    const prefix = `DOMICILE_${region!.code.toUpperCase()}`;
    const ended = await Started.command(words(region!.code), {
      DOMICILE_HOME: home,
      [`${prefix}_DATABASE_URL`]: database.appUrl,
      [`${prefix}_OWNER_DATABASE_URL`]: database.ownerUrl,
    }).ended;
    await database.drop();
    return ended;
  }

  it('are refused by migrate before init, which makes no key and so leaves everything to init', async () => {
    const home = join(folder, 'too-early');
    const ended = await unsealed(home, (code) => ['migrate', '--region', code]);
    expect(ended).toEqual({ how: 1, output: '', errors: expect.stringMatching(/marker/) });
    expect(filesBelow(folder).filter(({ path }) => path.startsWith(home))).toEqual([]);
  });

  it('are not sealed by the word that stands for our own servers', async () => {
    const home = join(folder, 'word');
    const ended = await unsealed(home, (code) => ['init', '--region', code, '--confirm', 'embedded']);
    expect(ended).toEqual({ how: 1, output: '', errors: expect.stringContaining('--confirm says embedded') });
  });

  it('are sealed by init after a person named them, brought up to date by migrate, and served by start', async () => {
    const home = join(folder, 'external');
    const databases = await Promise.all(
      regions.all.map((region) => createDatabase(region, SCHEMA, { prepare: 'empty' })),
    );
    const settings = Object.assign(
      { DOMICILE_HOME: home },
      ...databases.map(({ region, appUrl, ownerUrl }) => ({
        [`DOMICILE_${region.code.toUpperCase()}_DATABASE_URL`]: appUrl,
        [`DOMICILE_${region.code.toUpperCase()}_OWNER_DATABASE_URL`]: ownerUrl,
      })),
    ) as Record<string, string>;
    const domicile = (...words: string[]): Promise<Ended> => Started.command(words, settings).ended;
    const endpoint = ({ ownerUrl, name }: (typeof databases)[number]): string => `${new URL(ownerUrl).host}/${name}`;
    const said = (output: string): Ended => ({ how: 0, output, errors: '' });
    const [first, second] = databases as [(typeof databases)[number], (typeof databases)[number]];
    const { code, name } = first.region;

    const unsealed = await start(home, await freePort(), settings).ended;
    expect(unsealed).toMatchObject({
      how: 1,
      errors: expect.stringContaining('marker.pub is missing; run "domicile init" for this region first'),
    });

    const wrong = [endpoint(second), first.name, ''];
    const outcomes = await Promise.all(
      wrong.map((confirm) => domicile('init', '--region', code, '--confirm', confirm)),
    );
    expect(outcomes.map(({ how, errors }) => [how, errors])).toEqual(
      wrong.map((confirm) => [
        1,
        `domicile: --confirm says ${confirm}, but the owner's URL of region ${code} leads to ${endpoint(first)}; confirm that one if it is right.\n`,
      ]),
    );
    expect(await first.sql('superuser', "select to_regnamespace('residency') is null as untouched")).toEqual([
      { untouched: true },
    ]);

    const prepare = async (database: (typeof databases)[number]): Promise<void> => {
      const { region } = database;
      const init = ['init', '--region', region.code, '--confirm', endpoint(database)];
      const where = `(stack local, environment development).\n`;
      expect(await domicile(...init)).toEqual(said(`${endpoint(database)} is now sealed for ${region.name} ${where}`));
      expect(await domicile(...init)).toEqual(
        said(`${endpoint(database)} was already sealed for ${region.name} ${where}`),
      );
      const migrate = ['migrate', '--region', region.code];
      expect(await domicile(...migrate)).toEqual(
        said(MIGRATIONS.map((one) => `${region.code}: applied ${one.name}\n`).join('')),
      );
      expect(await domicile(...migrate)).toEqual(said(`${region.code}: schema up to date.\n`));
    };
    await Promise.all(databases.map(prepare));

    const port = await freePort();
    const started = await start(home, port, settings).ready();
    for (const { region, name: database } of databases) {
      expect(started.output).toMatch(new RegExp(`^${region.code} +uses the database of its settings`, 'm'));
      expect(existsSync(join(home, region.code, 'postgres'))).toBe(false);
      const member = await signUp(home, region.code, port, `b-${region.code}@example.org`);
      expect(await readable(region.code, port, member)).toBe(200);
      expect(database).not.toBe(name);
    }
    const [api] = workersOf(home).filter(isApi);
    expect(Object.keys(api!.environment).filter((variable) => variable.includes('OWNER'))).toEqual([]);
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });

    // Swapped by mistake: each is found to be the other's, and nothing is served.
    const swapped = Object.fromEntries(
      databases.map(({ region, appUrl }, i) => [
        `DOMICILE_${databases[1 - i]!.region.code.toUpperCase()}_DATABASE_URL`,
        region && appUrl,
      ]),
    );
    const refused = await start(home, port, swapped).ended;
    // Said by the process and by nobody else, then where to look.
    expect(refused).toMatchObject({
      how: 1,
      errors: expect.stringMatching(
        /^The API was not started: [^\n]+ is refused for region [^\n]+ it carries the marker of region [^\n]+\ndomicile: The API ended by itself \(exit code 1\); correct what it says above and start again\.\n$/,
      ),
    });
    expect(workersOf(home)).toEqual([]);
    await Promise.all(databases.map((database) => database.drop()));
  });
});

function fileAt(path: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  return path;
}
