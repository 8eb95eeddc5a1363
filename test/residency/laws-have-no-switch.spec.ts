import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Contexts, Door, IdCodec, KeyDoor, keyDoor, RESIDENCY_ERRORS, SecretCodec } from '@domicile/residency';
import { AccountContext, RegionContext } from '../../libs/residency/src/context.js';
import { GuardedClient, GuardedPool, PoolGuard } from '../../libs/residency/src/guarded-pool.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { RegionRouter } from '../../libs/residency/src/http/region-router.js';
import { RegionGuard } from '../../libs/residency/src/http/region.guard.js';
import { Statement } from '../../libs/residency/src/statement.js';
import { Table } from '../../libs/residency/src/table.js';
import { eu, regions } from '../support/databases.js';

const SOURCE = join(import.meta.dirname, '../../libs/residency/src');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
);
/** Code alone: what comments say is not a switch. */
const code = (file: string): string =>
  readFileSync(join(SOURCE, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
const having = (pattern: RegExp): string[] =>
  files.flatMap((file) =>
    code(file)
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );

describe('no law has a switch', () => {
  it('sees the sources', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(having(/class GuardedPool/)).toHaveLength(1);
  });

  it.each([
    ['the environment', /process\.(env|argv|execArgv)|import\.meta\.env|globalThis|NODE_ENV|getBuiltinModule/],
    ['whether it is tested', /\bjest\b|isTest\b|underTest|testing/i],
    [
      'a mode that is weaker',
      /\b(disable|skip|bypass|unsafe[A-Z]|insecure|permissive|lenient|dryRun|dry_run|force|allowAll|trustAll|noCheck|ignore[A-Z]\w*|override[A-Z]\w*)\b/,
    ],
    ['TLS that proves nothing', /rejectUnauthorized:(?!\s*true\b)|checkServerIdentity|NODE_TLS|sslmode/],
    [
      'a guard that may be left out',
      /(guard|handshake|expected|publicKey|marker|permit|mark|ids|region|regions|served|account)\?\s*:(?!\s*unknown)/i,
    ],
    [
      'a default region',
      /(region|served|regions)\s*=\s*(?!=|>|\{)['"[]|\?\?\s*(this\.)?(regions|all)\b|DEFAULT_REGION|fallbackRegion/,
    ],
    ['a schema that makes itself', /synchronize:(?!\s*false\b)|migrationsRun:(?!\s*false\b)|dropSchema/],
    ['a cache of results', /cache:(?!\s*false\b)/],
    ['a log of statements', /logging:(?!\s*false\b)|maxQueryExecutionTime/],
    ['conditions that widen', /invalidWhereValuesBehavior:(?!.*null: 'throw', undefined: 'throw')/],
    ["a region's name", /['"`](eu|us|ch)['"`]/],
  ])('nothing in the core reads or knows %s', (_, pattern) => {
    expect(having(pattern)).toEqual([]);
  });

  it('no error is swallowed where a law is enforced', () => {
    const swallowed = having(/catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*(undefined|null|\{\s*\})\)/);
    expect(swallowed).toEqual([]);
  });

  it('nothing that holds a law has a setter, a public writable member or a static knob', () => {
    const ids = new IdCodec(regions);
    const instances = [
      ids,
      new SecretCodec(ids, {}),
      new Contexts(ids, regions, [eu], 1),
      regions,
      new RegionRouter(regions, [eu], ids, new SecretCodec(ids, {})),
    ];
    const classes = [
      Contexts,
      RegionContext,
      AccountContext,
      Door,
      Table,
      Statement,
      PoolGuard,
      GuardedPool,
      GuardedClient,
      RegionDatabase,
      RegionRouter,
      RegionGuard,
      IdCodec,
      SecretCodec,
      regions.constructor,
    ];
    for (const type of classes as { prototype: object; name: string }[]) {
      const setters = Object.entries(Object.getOwnPropertyDescriptors(type.prototype)).filter(([, d]) => d.set);
      expect([type.name, setters.map(([name]) => name)]).toEqual([type.name, []]);
      const knobs = Object.getOwnPropertyNames(type).filter(
        (name) => !['length', 'name', 'prototype', 'load', 'parse'].includes(name),
      );
      expect([type.name, knobs]).toEqual([type.name, []]);
    }
    for (const instance of instances)
      for (const [name, member] of Object.entries(instance))
        expect([name, typeof member === 'boolean' || typeof member === 'function']).toEqual([name, false]);
  });

  it('no verb, constructor or option takes a word that could turn a check off', () => {
    // Parameters by count: one more would be an option. (A parameter with a default is not counted by JavaScript.)
    const arity = (type: { prototype: object }) =>
      Object.fromEntries(
        Object.getOwnPropertyNames(type.prototype)
          .filter((n) => n !== 'constructor')
          .map((name) => [
            name,
            (Object.getOwnPropertyDescriptor(type.prototype, name)!.value as { length?: number })?.length,
          ]),
      );
    expect(arity(Table)).toEqual({ find: 2, get: 2, list: 2, insert: 2, update: 4, erase: 2 });
    expect(arity(Statement)).toEqual({ all: 2, one: 2, run: 2 });
    const looks = { ping: 1, identify: 1, inspect: 2 };
    expect(arity(Door)).toEqual({ table: 1, statement: 1, transaction: 2, open: 0, ...looks, close: 0 });
    expect(arity(KeyDoor)).toEqual({ assertApartFrom: 1 });
    expect(keyDoor.length).toBe(2);
    expect(arity(Contexts)).toEqual({ serves: 1, run: 2, open: 1 });
    expect(arity(PoolGuard)).toMatchObject({ register: 2, admits: 3 });
    expect([Contexts.length, Door.length, PoolGuard.length, GuardedPool.length, RegionDatabase.length]).toEqual([
      4, 2, 2, 2, 1,
    ]);
    const options = /export interface RegionDatabaseOptions \{([\s\S]*?)\n\}/.exec(code('region-database.ts'))![1]!;
    expect([...options.matchAll(/readonly (\w+\??):/g)].map(([, name]) => name)).toEqual([
      'region',
      'purpose?',
      'url',
      'ca?',
      'expected',
      'poolSize',
      'onFault?',
    ]);
    const wiring = /export interface ResidencyOptions \{([\s\S]*?)\n\}/.exec(code('residency.module.ts'))![1]!;
    expect([...wiring.matchAll(/readonly (\w+\??):/g)].map(([, name]) => name)).toEqual([
      'regions',
      'topology',
      'databases',
      'keyStores?',
      'secrets',
      'deadlineMilliseconds',
      'originOf?',
    ]);
    const unit = /export interface UnitOptions \{([\s\S]*?)\n\}/.exec(code('context.ts'))![1]!;
    expect([...unit.matchAll(/readonly (\w+\??):/g)].map(([, name]) => name)).toEqual([
      'region',
      'actor',
      'origin?',
      'requestId?',
      'deadlineMilliseconds?',
    ]);
  });

  it('no refusal of a law is answered as a success', () => {
    for (const { status } of Object.values(RESIDENCY_ERRORS)) expect(status).toBeGreaterThanOrEqual(400);
  });
});
