import { existsSync, readdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  EMBEDDED,
  type Id,
  IdCodec,
  initRegionDatabase,
  migrateRegionDatabase,
  type Region,
  SecretCodec,
} from '@domicile/residency';
import { ID_PREFIXES, SECRET_PREFIXES } from '@domicile/runtime';
import { ensureRegionKeys } from '@domicile/vault';
import { APP_ROLE, embeddedDatabase } from '../../apps/cli/src/local/embedded-database.js';
import { EmbeddedPostgres } from '../../apps/cli/src/local/embedded-postgres.js';
import { KEY_STORE_MIGRATIONS, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { type Marker, markerKeyPair, sealMarker } from '../../libs/residency/src/marker.js';
import { type ClearRows, clearRows, insertClear, uuidOf } from '../support/clear-rows.js';
import { query, regions, type TestDatabase } from '../support/databases.js';
import { at, CODES, combinedPort, drill, freePort, place, signUp, sql } from '../support/drill.js';
import { filesBelow } from '../support/started.js';

jest.setTimeout(90_000);

const { folder, start } = drill();
const ids = new IdCodec(regions);
const secrets = new SecretCodec(ids, { [SECRET_PREFIXES.session]: ID_PREFIXES.session });

/** Somebody of before, signed in. */
interface Earlier {
  readonly rows: ClearRows;
  readonly token: string;
}

/** A region's home as the version before the vault left it: one server, and of keys those of the index and of the marker. */
async function earlierHome(home: string, region: Region, canary: string): Promise<Earlier> {
  const keysDir = join(home, 'keys');
  const server = new EmbeddedPostgres({ home, name: region.code, settings: { fsync: 'off' } });
  await server.start();
  const { ownerUrl } = await embeddedDatabase(server, home);
  const target = { region, stack: 'local', environment: 'development', ownerUrl, appRole: APP_ROLE, keysDir };
  ensureRegionKeys(keysDir);
  await initRegionDatabase({ ...target, confirm: EMBEDDED });
  const owner: TestDatabase['sql'] = (_as, text, values) => query(ownerUrl, text, values);
  const [{ statement }] = (await owner('owner', 'select statement from residency.marker')) as [{ statement: string }];
  const { purpose: _none, ...marker } = JSON.parse(statement) as Marker;
  const signed = sealMarker(marker, markerKeyPair(keysDir).privateKey);
  await owner('owner', 'update residency.marker set statement = $1, signature = $2', [
    signed.statement,
    signed.signature,
  ]);
  await migrateRegionDatabase({ ...target, entities: [], migrations: MIGRATIONS.slice(0, 1) });

  const rows = clearRows(region, 3, canary);
  await insertClear({ sql: owner }, region, rows);
  const uuid = (id: Id): string => uuidOf(region, id.split('_')[0]!, id);
  const [person, account] = [uuid(rows.persons[0]!.id), uuid(rows.accounts[0]!.id)];
  const mint = (prefix: string): Id => ids.mint(prefix, region);
  await owner('owner', "insert into membership (account_id, id, person_id, role) values ($1, $2, $3, 'owner')", [
    account,
    uuid(mint(ID_PREFIXES.membership)),
    person,
  ]);
  await owner('owner', 'insert into affiliation (id, person_id, account_id) values ($1, $2, $3)', [
    uuid(mint(ID_PREFIXES.affiliation)),
    person,
    account,
  ]);
  const session = ids.mint(ID_PREFIXES.session, region);
  const { text: token, hash } = secrets.mint(SECRET_PREFIXES.session, region, session);
  await owner(
    'owner',
    "insert into session (id, person_id, secret_hash, authenticated_at, expires_at) values ($1, $2, $3, now(), now() + interval '1 day')",
    [uuid(session), person, hash],
  );
  await server.stop();
  return { rows, token };
}

describe('npm start on a home of the version before the vault', () => {
  const home = join(folder, 'older');
  const canary = `canary${randomBytes(8).toString('hex')}`;
  const earlier: Record<string, Earlier> = {};
  let door: number;
  let port: number;

  beforeAll(async () => {
    door = await freePort();
    port = combinedPort(door);
    for (const region of regions.all) {
      earlier[region.code] = await earlierHome(join(home, region.code), region, canary);
      expect(readdirSync(join(home, region.code, 'keys')).filter((name) => !name.endsWith('.password'))).toEqual([
        'index.key',
        'marker.key',
        'marker.pub',
      ]);
      expect(existsSync(join(home, place(region.code, 'keys')))).toBe(false);
      expect(inClear(region.code).length).toBeGreaterThan(0);
    }
  });

  /** Files of a region's data that hold the canary; the write-ahead log keeps its past for as long as it is kept. */
  const inClear = (code: string): string[] =>
    filesBelow(join(home, code))
      .filter(({ path, bytes }) => !path.includes('/pg_wal/') && bytes.includes(canary))
      .map(({ path }) => path);

  /** Everything of before is there, for whom it is. */
  async function expectAllThere(code: string): Promise<void> {
    const { rows, token } = earlier[code]!;
    const [{ id, name }] = rows.accounts as [ClearRows['accounts'][number]];
    const [{ email, displayName, ...person }] = rows.persons as [ClearRows['persons'][number]];
    const headers = { authorization: `Bearer ${token}` };
    const account = await at(code, port, `/v1/accounts/${id}`, { headers });
    expect([account.status, account.json()]).toEqual([200, expect.objectContaining({ id, name, hostingRegion: code })]);
    const me = await at(code, port, '/v1/me', { headers });
    expect(me.json()).toMatchObject({ person: { ...person, email, displayName }, accounts: [{ id }] });
  }

  it('makes the key store, seals what stood in clear, and reads everything as before', async () => {
    const started = await start(home, door).ready();
    for (const { code } of regions.all) {
      const applied = KEY_STORE_MIGRATIONS.length + MIGRATIONS.length - 1;
      expect(started.output).toMatch(
        new RegExp(`^${code} +database carries the right marker, ${applied} migration`, 'm'),
      );
      await expectAllThere(code);
      await signUp(home, code, port, `new-${code}@example.org`);
      await sql(home, code, 'checkpoint');
      expect(inClear(code)).toEqual([]);
      expect(readdirSync(join(home, code, 'keys'))).toContain('wrapping.1.key');
    }
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });
  });

  it('continues with it the next time, and has nothing more to do', async () => {
    const started = await start(home, door).ready();
    for (const code of CODES) {
      expect(started.output).toMatch(new RegExp(`^${code} +database carries the right marker, schema up to date`, 'm'));
      await expectAllThere(code);
      expect(inClear(code)).toEqual([]);
    }
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, errors: '' });
  });
});
