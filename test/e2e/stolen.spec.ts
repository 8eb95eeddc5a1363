import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declarations, type FieldSet, type TableDeclaration } from '@domicile/residency';
import { ensureWrappingKey } from '@domicile/vault';
import { verifyArgon2id } from '../../libs/accounts/src/password/argon2id.js';
import type { Api, Member } from '../support/api.js';
import { ENTITIES } from '../../apps/cli/src/migrations/index.js';
import { canary, filesOf, found, spellings } from '../support/canary.js';
import { snakeCase } from '../support/catalogue-rules.js';
import { createDatabase, serverOf, type TestDatabase } from '../support/databases.js';
import { Installation, KEY_SCHEMA } from '../support/installation.js';
import { ownServer, type OwnServer } from '../support/own-server.js';
import { openSealing, type SealedSite } from '../support/sealing.js';
import { Customers, type TypedLast, WholeLife, type Words } from '../support/whole-life.js';

const REGIONS = ['eu', 'us'] as const;
type Code = (typeof REGIONS)[number];

/** Stands in everything that is typed, so that one search finds all of it. */
const MARK: Record<Code, string> = { eu: canary(), us: canary() };
const MARKS = Object.values(MARK);

/** What a person typed last, in each region. */
interface Typed {
  readonly email: string;
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  readonly accountId: string;
  readonly token: string;
  /** Of everything else that is sealed, by its set. */
  readonly sealed: TypedLast;
  /** Of a signup that nobody confirms. */
  readonly waiting: { readonly email: string; readonly accountName: string; readonly displayName: string };
}

/** Every table that seals anything. */
const SEALED = declarations('rows').filter(({ entity, sealed }) => ENTITIES.includes(entity) && sealed.size > 0);

/** The column of a row that says under whose key its set is sealed, and of what kind that id is. */
function subjectOf({ table, kind, root }: TableDeclaration, { subject }: FieldSet): { column: string; prefix: string } {
  const prefixes: Record<string, string> = { account: 'acct', person: 'pers', signup: 'sgn' };
  const isOwn = table === subject || root;
  const column = isOwn ? 'id' : kind === 'resident' && subject === 'account' ? 'account_id' : `${subject}_id`;
  return { column, prefix: prefixes[subject]! };
}

describe('a stolen database', () => {
  let servers: Record<Code, OwnServer>;
  let installation: Installation;
  let api: Api;
  let customers: Customers;
  const typed = {} as Record<Code, Typed>;
  const tokens: string[] = [];

  /** A life with everything in it that writes: right and wrong, kept and refused, under Idempotency-Keys. */
  async function live(code: Code): Promise<void> {
    let count = 0;
    const word = (): string => `${MARK[code]}${count++}`;
    const once = (): Record<string, string> => ({ 'idempotency-key': `${randomUUID()}` });
    const signUp = async (fields: object): Promise<string> => {
      const json = { acceptedPolicyVersion: await api.policyVersion(), ...fields };
      const answer = await api.ask(code, `/v1/regions/${code}/signups`, { json, headers: once() });
      return answer.json<{ signup: { id: string } }>().signup.id;
    };
    const [email, password] = [`${word()}@${word()}.example`, `${word()} correct horse battery staple`];
    const id = await signUp({ email, accountName: `Ä "${word()}"`, displayName: word() });
    const digits = await installation.digits(code, id);
    const wrong = digits === '00000000' ? '00000001' : '00000000';
    const confirm = (json: object): Promise<{ status: number; json<T>(): T }> =>
      api.ask(code, `/v1/signups/${id}/confirmations`, { json, headers: once() });
    await confirm({ code: wrong, password: `${word()} correct horse battery staple` });
    // One character short.
    await confirm({ code: digits, password: MARK[code] });
    const confirmed = await confirm({ code: digits, password });
    expect(confirmed.status).toBe(201);
    const made = confirmed.json<Member>();
    const taken = await signUp({ email, accountName: word(), displayName: null });
    const late = await api.confirm(
      code,
      taken,
      await installation.digits(code, taken),
      `${word()} correct horse battery staple`,
    );
    expect(late.code).toBe('signup.address_taken');
    await api.signIn(code, email, `${word()} correct horse battery staple`, { headers: once() });
    await api.signIn(code, `${word()}@example.org`, password, { headers: once() });
    const session = (await api.signIn(code, email, password, { headers: once() })).json<Member>().session;
    const leaving = await api.session(code, email, password);
    await api.ask(code, '/v1/sessions/current', { method: 'DELETE', token: leaving.token });
    tokens.push(made.session.token, session.token, leaving.token);
    const [name, displayName] = [word(), word()];
    const path = `/v1/accounts/${made.account.id}`;
    await api.patch(code, path, session.token, '"v1"', { name: `${word()}\n` });
    const changed = [
      await api.patch(code, path, session.token, '"v1"', { name: word() }),
      await api.patch(code, path, session.token, '"v2"', { name }),
      await api.patch(code, '/v1/me', session.token, '"v1"', { displayName }),
    ];
    expect(changed.map(({ status }) => status)).toEqual([200, 200, 200]);
    const waiting = { email: `${word()}@example.org`, accountName: word(), displayName: word() };
    await signUp(waiting);
    const kinds = new Set<string>();
    const words: Words = {
      text: () => `Ä "${word()}"`,
      word,
      address: () => `${word()}@example.org`,
      domain: () => `${word()}.example`.toLowerCase(),
      capitals: () => word().toUpperCase(),
      made: (what, value) => {
        // One of a kind: to look for one more in all files costs a second.
        if (!kinds.has(what) && !what.startsWith('token of')) tokens.push(value);
        kinds.add(what);
      },
      as: (work) => work(),
    };
    const who = { accountId: made.account.id, personId: made.person.id, email, password, token: session.token };
    const { typed: sealed, person } = await new WholeLife(api, code, who, words, customers).live(words);
    await installation.drained(code);
    typed[code] = { ...person, name, displayName, sealed, waiting };
  }

  /** What is to be done when the thief comes: nobody works any more. */
  async function leaveJobs(code: Code): Promise<void> {
    const { email, token, accountId } = typed[code];
    await api.signUp(code, { email: `${MARK[code]}late@example.org` });
    await api.ask(code, '/v1/recoveries', { json: { email } });
    const json = { email: `${MARK[code]}invited@example.org`, role: 'member' };
    expect((await api.ask(code, `/v1/accounts/${accountId}/invitations`, { token, json })).status).toBe(201);
  }

  beforeAll(async () => {
    const [eu, us] = await Promise.all(REGIONS.map(() => ownServer()));
    servers = { eu: eu!, us: us! };
    installation = await Installation.create({ servers });
    customers = await Customers.create(installation);
    api = await installation.start({ settings: customers.outside.settings() });
    await api.startWorkers();
    await Promise.all(REGIONS.map(live));
    await installation.stopWorkers();
    await Promise.all(REGIONS.map(leaveJobs));
    await api.stop('SIGTERM');
    for (const code of REGIONS) await installation.site(code).database.sql('superuser', 'checkpoint');
  });
  afterAll(async () => {
    await installation.close();
    await customers.stop();
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  });

  const oidOf = async ({ name, sql }: TestDatabase): Promise<string> =>
    String((await sql('superuser', 'select oid from pg_database where datname = $1', [name]))[0]!['oid']);
  const dataOf = (code: Code): string => join(servers[code].home, 'postgres');
  const hits = (folder: string, texts: readonly string[]): string[] =>
    [...filesOf(folder)].flatMap(([path, bytes]) => (found(texts, bytes).length > 0 ? [path] : []));

  it.each(['as it is', 'base64', 'base64url', 'hex', 'gzip', 'percent', 'json', 'utf16le', 'upper'])(
    'is searched for what was typed, in any spelling: %s',
    (how) => {
      const text = MARK.eu;
      const around = (offset: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.alloc(offset, 'x'), bytes]);
      const made: Record<string, (bytes: Buffer) => Buffer> = {
        'as it is': (bytes) => bytes,
        base64: (bytes) => Buffer.from(bytes.toString('base64')),
        base64url: (bytes) => Buffer.from(bytes.toString('base64url')),
        hex: (bytes) => Buffer.from(bytes.toString('hex')),
        gzip: (bytes) => Buffer.concat([Buffer.from('head'), gzipSync(bytes)]),
        percent: (bytes) => Buffer.from(bytes.toString('hex').replace(/../g, '%$&')),
        json: (bytes) =>
          Buffer.from(bytes.toString().replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)),
        utf16le: (bytes) => Buffer.from(bytes.toString(), 'utf16le'),
        upper: (bytes) => Buffer.from(bytes.toString().toUpperCase()),
      };
      for (let offset = 0; offset < 4; offset++) {
        const leaked = around(offset, made[how]!(around(offset, Buffer.from(`${text} and more`))));
        expect(found(MARKS, leaked)).toEqual([text]);
      }
      expect(spellings(text).length).toBeGreaterThan(10);
      expect(found(MARKS, Buffer.from(canary().repeat(100)))).toEqual([]);
    },
  );

  it.each(REGIONS)('of %s holds nothing that was typed, in no file: tables, indexes, WAL, log', async (code) => {
    const files = [...filesOf(dataOf(code))].map(([path]) => path);
    const oid = await oidOf(installation.site(code).database);
    expect(files.filter((path) => path.includes(`/base/${oid}/`)).length).toBeGreaterThan(50);
    expect(files.some((path) => path.includes('/pg_wal/'))).toBe(true);
    expect(hits(dataOf(code), MARKS)).toEqual([]);
    const log = readFileSync(join(servers[code].home, 'postgres.log'));
    expect(log.toString()).toContain('checkpoint complete');
    expect(found([...MARKS, ...tokens], log)).toEqual([]);
    for (const folder of [join(dataOf(code), 'base', oid), join(dataOf(code), 'pg_wal')])
      expect(hits(folder, tokens)).toEqual([]);
  });

  it.each(REGIONS)('of %s holds nothing of it as rows, and there are rows', async (code) => {
    const counts = await installation.counts(code);
    for (const table of ['account', 'person', 'credential', 'session', 'signup', 'idempotency'])
      expect([table, counts[table]! > 0]).toEqual([table, true]);
    expect(found([...MARKS, ...tokens], Buffer.from(await installation.dump(code)))).toEqual([]);
    expect(await installation.dump(code)).toContain('owner');
  });

  it.each(REGIONS)('of %s holds jobs that wait, and each carries ids and words of the code alone', async (code) => {
    const jobs = await installation.site(code).database.sql('superuser', 'select * from outbox order by kind');
    expect(jobs.map(({ kind }) => kind)).toEqual(['invitation.code', 'recovery.code', 'signup.code']);
    const { id: _id, subject_id: _subject, ...plain } = jobs[0]!;
    expect(plain).toEqual({
      kind: 'invitation.code',
      subject_kind: 'inv',
      attempts: 0,
      due_at: expect.any(Date),
      created_at: expect.any(Date),
      last_code: null,
      dead_at: null,
      version: 1,
    });
    expect(found([...MARKS, ...tokens], Buffer.from(JSON.stringify(jobs)))).toEqual([]);
  });

  it.each(REGIONS)('the key store of %s, stolen alone, holds nothing of it either', async (code) => {
    const { keyStore, region } = installation.site(code);
    await keyStore.sql('superuser', 'checkpoint');
    const folder = join(serverOf(region, 'keys').home, 'postgres', 'base', await oidOf(keyStore));
    expect([...filesOf(folder)].length).toBeGreaterThan(50);
    expect(hits(folder, [...MARKS, ...tokens])).toEqual([]);
  });

  it('and no line that a process wrote holds any of it', () => {
    expect(installation.written).toContain('"event":"api.stopped"');
    expect(found([...MARKS, ...tokens], Buffer.from(installation.written))).toEqual([]);
  });

  it.each(REGIONS)('of %s would have been caught with one clear value in a table', async (code) => {
    const { database } = installation.site(code);
    const planted = canary();
    await database.sql('superuser', 'create table planted (text text)');
    // More than once: one may lie across two pages of the log.
    await database.sql('superuser', 'insert into planted select $1 from generate_series(1, 3)', [`x${planted}`]);
    await database.sql('superuser', 'checkpoint');
    const places = hits(dataOf(code), [planted]);
    expect(places.some((path) => path.includes('/base/'))).toBe(true);
    expect(places.some((path) => path.includes('/pg_wal/'))).toBe(true);
    await database.sql('superuser', 'drop table planted');
    // And the one place where an address stands in clear is found too: the region's own mail.
    expect(hits(installation.mailFolder(code), MARKS).length).toBeGreaterThan(0);
    expect(hits(installation.mailFolder(code), [MARK[code === 'eu' ? 'us' : 'eu']])).toEqual([]);
  });

  /** Rows, key store and a folder of wrapping keys, as a thief may have put them together. */
  function loot(
    code: Code,
    { keyStore, keysDir }: Partial<{ keyStore: TestDatabase; keysDir: string }> = {},
  ): SealedSite {
    const { region, home, database, keyStore: own } = installation.site(code);
    return { region, rows: { ...database, keysDir: keysDir ?? join(home, 'keys') }, keys: keyStore ?? own };
  }

  /** Everything sealed in a region by the name of its set, as the declarations have it, opened with what is there; a refusal by its code. */
  async function opened(site: SealedSite): Promise<Record<string, Record<string, unknown>[]>> {
    const core = await openSealing([site]);
    const { region, rows } = site;
    const all: Record<string, Record<string, unknown>[]> = {};
    for (const declaration of SEALED)
      for (const [property, set] of declaration.sealed) {
        const column = snakeCase(property);
        const { column: subject, prefix: subjectPrefix } = subjectOf(declaration, set);
        const stored = await rows.sql(
          'superuser',
          `select id, ${subject} as subject, ${column} as sealed from ${declaration.table} where ${column} is not null order by id`,
        );
        const open = (row: Record<string, unknown>): Promise<Record<string, unknown>> =>
          core.within(region, async (ctx) => {
            const at = {
              subject: core.ids.decode(String(row['subject']), subjectPrefix, region),
              row: core.ids.decode(String(row['id']), declaration.prefix!, region),
              set,
              sealed: row['sealed'] as Buffer,
            };
            return core.vault.open(ctx, at).catch((error: { code: string }) => ({ refused: error.code })) as Promise<
              Record<string, unknown>
            >;
          });
        all[set.name] = await Promise.all(stored.map(open));
      }
    await core.close();
    return all;
  }

  it.each(REGIONS)('of %s opens with its key store and its wrapping key: every value that was typed', async (code) => {
    const { email, name, displayName, password, waiting, sealed } = typed[code];
    const all = await opened(loot(code));
    // Whatever comes to be sealed stands in a row here, and is opened.
    expect(Object.keys(all).filter((set) => all[set]!.length === 0)).toEqual([]);
    expect(all['person.profile']).toContainEqual({ email, displayName });
    expect(all['account.profile']).toContainEqual({ name });
    // Those that found an address taken, and that nobody mailed to, still wait as well.
    expect(all['signup.request']!.length).toBe(3);
    expect(all['signup.request']).toContainEqual({ ...waiting, language: null });
    for (const [set, fields] of Object.entries(sealed))
      expect([set, all[set]]).toEqual([set, expect.arrayContaining([expect.objectContaining(fields)])]);
    const phcs = all['credential.secret'] as { secret: string }[];
    const right = await Promise.all(phcs.map(({ secret }) => verifyArgon2id(password, secret)));
    expect(right.filter(Boolean).length).toBe(1);
    expect(await verifyArgon2id(`${password}!`, phcs[right.indexOf(true)]!.secret)).toBe(false);
    // Of the others, whatever is sealed holds what its set declares.
    for (const { fields, name: set } of SEALED.flatMap((declaration) => [...declaration.sealed.values()]))
      for (const value of all[set]!) expect([set, Object.keys(value).sort()]).toEqual([set, [...fields.keys()].sort()]);
  });

  it.each(REGIONS)('of %s opens nothing with two of the three', async (code) => {
    const other = code === 'eu' ? 'us' : 'eu';
    const { region, database } = installation.site(code);
    const keysDir = join(installation.folder, `made-up-${code}`);
    mkdirSync(keysDir, { mode: 0o700 });
    ensureWrappingKey(keysDir);
    const empty = await createDatabase(region, KEY_SCHEMA, { purpose: 'keys', keysDir: database.keysDir });
    const foreign = join(installation.folder, `foreign-${code}`);
    mkdirSync(foreign, { mode: 0o700 });
    copyFileSync(join(installation.site(other).home, 'keys', 'wrapping.1.key'), join(foreign, 'wrapping.1.key'));
    const expectNothing = (all: Record<string, Record<string, unknown>[]>, refused: string): void => {
      const values = Object.values(all).flat();
      expect(values.length).toBeGreaterThan(SEALED.length);
      for (const value of values) expect(value).toEqual({ refused });
    };
    try {
      // Rows and key store, without the wrapping key or with that of the other region.
      expectNothing(await opened(loot(code, { keysDir })), 'vault.value_refused');
      expectNothing(await opened(loot(code, { keysDir: foreign })), 'vault.value_refused');
      // Rows and wrapping key, without the key store.
      expectNothing(await opened(loot(code, { keyStore: empty })), 'vault.key_missing');
    } finally {
      await empty.drop();
    }
  });
});
