import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as residency from '@domicile/residency';
import { type RegionContext, value } from '@domicile/residency';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { GuardedClient, GuardedPool } from '../../libs/residency/src/guarded-pool.js';
import { Lease } from '../../libs/residency/src/lease.js';
import { type Permit, permits } from '../../libs/residency/src/permit.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { type Core, createCore } from '../support/core.js';
import { eu } from '../support/databases.js';
import { Thing } from '../support/toy-schema.js';

let core: Core<unknown>;
const kept: (Permit | undefined)[] = [];

beforeAll(async () => {
  core = await createCore({
    onFault: () => kept.push(permits.getStore()),
    declare: (door) =>
      door.statement({
        name: 'toy.labels',
        tables: [Thing],
        sql: 'select label from thing',
        params: {},
        row: { label: value.nullable(value.text) },
      }),
  });
});
afterAll(() => core?.close());

describe('L3 what the library hands out', () => {
  const FORBIDDEN = [DataSource, pg.Pool, pg.Client, RegionDatabase, GuardedPool, GuardedClient, Lease];
  const isTypeorm = (thing: object): boolean =>
    '@instanceof' in thing || FORBIDDEN.some((c) => thing === c || thing instanceof c);

  /** Everything in reach through own properties, symbols, accessors, prototypes and constructors. */
  const leaked = (root: object): string[] => {
    const seen = new Set<object>();
    const found: string[] = [];
    const walk = (thing: unknown, path: string): void => {
      if (
        (typeof thing !== 'object' && typeof thing !== 'function') ||
        thing === null ||
        seen.has(thing) ||
        thing === Object.prototype ||
        thing === Function.prototype
      )
        return;
      seen.add(thing);
      if (isTypeorm(thing)) return void found.push(path);
      for (const key of Reflect.ownKeys(thing)) {
        const descriptor = Object.getOwnPropertyDescriptor(thing, key)!;
        let inner: unknown = descriptor.value;
        if (descriptor.get)
          try {
            inner = (root as Record<PropertyKey, unknown>)[key];
          } catch {
            inner = undefined;
          }
        walk(inner, `${path}.${String(key)}`);
      }
      walk(Object.getPrototypeOf(thing), `${path}.prototype`);
    };
    walk(root, '');
    return found;
  };

  it('holds no data source, pool, client or entity manager, however deep one looks', async () => {
    expect(leaked({ stolen: core.stolen['eu'] })).toEqual(['.stolen']);
    for (const thing of [core.door, core.things, core.notes, core.declared, core.contexts, core.ids] as object[])
      expect(leaked(thing)).toEqual([]);
    await core.within(eu, async (ctx: RegionContext) => {
      expect([leaked(ctx), leaked(ctx.account(core.ids.mint('acct', eu)))]).toEqual([[], []]);
      expect(await core.door.transaction(ctx, async (tx) => leaked(tx))).toEqual([]);
      expect(leaked(await core.things.insert(ctx, { id: core.ids.mint('thing', eu) }))).toEqual([]);
    });
    const exported = Object.entries(residency).filter(([name]) => name !== 'ResidencyModule');
    for (const [name, thing] of exported) expect([name, leaked({ thing })]).toEqual([name, []]);
    expect(
      Object.keys(residency)
        .filter((name) => /pool|client|permit|lease|source|manager|runner|database$/i.test(name))
        .sort(),
    ).toEqual(['initRegionDatabase', 'isWrongDatabase', 'migrateRegionDatabase', 'resealRegionDatabase']);
  });

  it('shows no own property where a handle could be looked for', () => {
    expect([core.door, core.things].map((thing) => Object.keys(thing as object))).toEqual([[], []]);
    expect(Object.keys(core.declared as object).sort()).toEqual(['name', 'tables', 'text']);
  });

  it('leaves no permit behind: what runs on after the boot, a fault handler too, holds a dead one or none', async () => {
    await core.databases['eu']!.sql(
      'superuser',
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    for (let i = 0; i < 100 && kept.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((permit) => permit?.live)).toEqual([]);
  });
});
