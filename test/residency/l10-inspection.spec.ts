import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Check } from '@domicile/residency';
import { type Marker, sealMarker } from '../../libs/residency/src/marker.js';
import { type Core, createCore, refusal } from '../support/core.js';
import { eu, us } from '../support/databases.js';

const AT = new Date('2026-11-01T10:00:00.000Z');
const CHECKS: readonly Check[] = ['marker', 'role', 'home', 'functions', 'exits'];

let core: Core<undefined>;
beforeAll(async () => {
  core = await createCore();
});
afterAll(() => core?.close());

const sql = (text: string, values?: unknown[]) => core.databases['eu']!.sql('superuser', text, values);
const findings = (region = eu) => core.within(region, (ctx) => core.door.inspect(ctx, AT));
/** What does not hold, by check. */
const problems = async (region = eu): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await findings(region)).filter(({ holds }) => !holds).map(({ check, detail }) => [check, detail]),
  );

/** Damages the database of EU, looks at both, and repairs it: what was seen must be gone again. */
async function damaged(damage: string, repair: string): Promise<Record<string, string>> {
  await sql(damage);
  try {
    const [here, there] = [await problems(), await problems(us)];
    expect(there).toEqual({});
    return here;
  } finally {
    await sql(repair);
    expect(await problems()).toEqual({});
  }
}

describe('L10 the inspection of a live database', () => {
  it('finds everything as it was sealed and declared, in each region, and says when it looked', async () => {
    for (const region of [eu, us])
      expect((await findings(region)).map(({ check, holds, measuredAt }) => ({ check, holds, measuredAt }))).toEqual(
        CHECKS.map((check) => ({ check, holds: true, measuredAt: AT })),
      );
  });

  it.each([
    ['is missing', '', /^the check note\.note_id_home is missing$/],
    [
      'was never validated',
      'check (residency.region_of(id) = residency.region()) not valid',
      /note_id_home was never validated/,
    ],
    [
      'is not enforced',
      'check (residency.region_of(id) = residency.region()) not enforced',
      /note_id_home is not enforced/,
    ],
    [
      'lets everything pass',
      'check (residency.region_of(id) = residency.region() or true)',
      /note_id_home says something else/,
    ],
    [
      'looks at another column',
      'check (residency.region_of(account_id) = residency.region())',
      /note_id_home says something else/,
    ],
  ])('sees a home check that %s', async (_what, instead, words) => {
    const drop = 'alter table note drop constraint if exists note_id_home';
    const add = (check: string) => (check === '' ? '' : `; alter table note add constraint note_id_home ${check}`);
    const right = 'check (residency.region_of(id) = residency.region())';
    const found = await damaged(drop + add(instead), drop + add(right));
    expect(Object.keys(found)).toEqual(['home']);
    expect(found['home']).toMatch(words);
  });

  it.each([
    [
      'region() with another answer',
      'region()',
      'plpgsql',
      'begin return 2::smallint; end',
      /^the function residency\.region\(\) is not as it was sealed$/,
    ],
    [
      'region_of() that takes every id for one of this region',
      'region_of(id uuid)',
      'plpgsql',
      'begin return 1::smallint; end',
      /region_of\(uuid\) is not as it was sealed/,
    ],
    [
      'region() with the same answer in another language',
      'region()',
      'sql',
      'select 1::smallint',
      /^the function residency\.region\(\) is not as it was sealed$/,
    ],
  ])('sees a function %s', async (_what, signature, language, source, words) => {
    const [{ body } = {}] = await sql(
      "select prosrc as body from pg_proc where oid = ('residency.' || $1)::regprocedure",
      [signature.replace('id ', '')],
    );
    const define = (tongue: string, text: string) =>
      `create or replace function residency.${signature} returns smallint language ${tongue} immutable parallel safe as '${text}'`;
    const found = await damaged(define(language, source), define('plpgsql', String(body)));
    expect(found['functions']).toMatch(words);
  });

  it('sees a second function beside the sealed ones', async () => {
    const found = await damaged(
      "create function residency.region_of(text) returns smallint language sql immutable as 'select 1::smallint'",
      'drop function residency.region_of(text)',
    );
    expect(found).toEqual({ functions: 'the function residency.region_of(text) is not as it was sealed' });
  });

  it.each<[string, string, string, Check, RegExp]>([
    [
      'a trigger',
      "create function copying() returns trigger language plpgsql as 'begin return new; end'; create trigger copy after insert on note for each row execute function copying()",
      'drop trigger copy on note; drop function copying()',
      'exits',
      /the trigger copy stands on note/,
    ],
    [
      'a rule',
      'create rule twice as on insert to note do also nothing',
      'drop rule twice on note',
      'exits',
      /the rule twice stands on note/,
    ],
    [
      'foreign keys switched off',
      'alter table note disable trigger all',
      'alter table note enable trigger all',
      'exits',
      /triggers of note are switched off/,
    ],
    [
      'a publication',
      'create publication everything for all tables',
      'drop publication everything',
      'role',
      /the publication everything/,
    ],
    [
      'a way to other servers',
      'create extension postgres_fdw',
      'drop extension postgres_fdw',
      'role',
      /the extension postgres_fdw/,
    ],
  ])('sees %s', async (_what, damage, repair, check, words) => {
    const found = await damaged(damage, repair);
    expect(found[check]).toMatch(words);
  });

  it('sees a role that may do more than it should', async () => {
    const role = core.databases['eu']!.provision.appRole;
    const found = await damaged(`alter role ${role} createrole`, `alter role ${role} nocreaterole`);
    expect(found).toEqual({ role: 'the role is allowed to create roles' });
  });

  it('sees on a live connection that the marker was made for another database, as a copy would carry it', async () => {
    const { keysDir } = core.databases['eu']!;
    const [row] = await sql('select statement, signature from residency.marker');
    const { statement, signature } = row as { statement: string; signature: Buffer };
    const put = (text: string, by: Buffer) =>
      sql('update residency.marker set statement = $1, signature = $2', [text, by]);
    const key = createPrivateKey(readFileSync(join(keysDir, 'marker.key')));
    const marker = JSON.parse(statement) as Marker;
    const identify = (region = eu) => core.within(region, (ctx) => core.door.identify(ctx));
    const { database, epoch, sealedAt, systemIdentifier } = marker;
    expect(await identify()).toEqual({ database, epoch, sealedAt, systemIdentifier });
    try {
      for (const [change, code, words] of [
        [{ databaseOid: '1' }, 'marker_moved', /a copy or it has moved/],
        [{ systemIdentifier: '1' }, 'marker_moved', /a copy or it has moved/],
        [{ region: 'us', number: 2 }, 'marker_mismatch', /not of this region/],
        [{ environment: 'production' }, 'marker_mismatch', /not of this region, stack and environment/],
      ] as const) {
        const forged = sealMarker({ ...marker, ...change }, key);
        await put(forged.statement, forged.signature);
        expect((await problems())['marker']).toMatch(words);
        expect(await refusal(() => identify())).toBe(code);
      }
      await put(statement, Buffer.alloc(64));
      expect((await problems())['marker']).toMatch(/not of this region/);
      await sql('delete from residency.marker');
      expect((await problems())['marker']).toBe('the database carries no marker');
    } finally {
      await sql('delete from residency.marker');
      await sql('insert into residency.marker (statement, signature) values ($1, $2)', [statement, signature]);
    }
    expect(await problems()).toEqual({});
    expect(await refusal(() => identify(us))).toMatch(/^not refused/);
  });

  it('holds nothing that it could not measure', async () => {
    const role = core.databases['eu']!.provision.appRole;
    const found = await damaged(
      `revoke select on residency.marker from ${role}`,
      `grant select on residency.marker to ${role}`,
    );
    expect(found).toEqual({
      marker: 'it could not be measured (SQLSTATE 42501)',
      role: 'it could not be measured (SQLSTATE 42501)',
    });
  });

  it('belongs to its unit of work like everything else', async () => {
    const late = await core.within(eu, async (ctx) => ctx);
    expect(await refusal(() => core.door.inspect(late, AT))).toBe('context_missing');
    expect(await refusal(() => core.door.identify({} as never))).toBe('context_missing');
  });
});
