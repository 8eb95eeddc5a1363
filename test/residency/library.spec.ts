import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec, homeCheck, type Region } from '@domicile/residency';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type TestDatabase, createDatabase, eu, regions, us } from '../support/databases.js';
import { Account, Note, appOf } from '../support/readme-example.js';

const ROOT = join(import.meta.dirname, '../..');

class Notes1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const check = (table: string, column: string): string =>
      `constraint ${homeCheck(table, column).name} check (${homeCheck(table, column).expression})`;
    await runner.query(`create table account (id uuid primary key, ${check('account', 'id')})`);
    await runner.query(
      `create table note (account_id uuid not null references account (id), id uuid not null, text text not null, primary key (account_id, id), ${check('note', 'account_id')}, ${check('note', 'id')})`,
    );
  }
  async down(): Promise<void> {}
}

describe('libs/residency as a library for others', () => {
  const databases: TestDatabase[] = [];
  const ids = new IdCodec(regions);
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const schema = { entities: [Account, Note], migrations: [Notes1700000000000] };
    databases.push(...(await Promise.all([eu, us].map((region) => createDatabase(region, schema)))));
    const module = appOf({
      regions,
      topology: 'combined',
      databases: databases.map((d) => d.options),
      secrets: {},
      deadlineMilliseconds: 1500,
    });
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });

  afterAll(async () => {
    await app?.close();
    await Promise.all(databases.map((database) => database.drop()));
  });

  const call = (region: Region, method: 'get' | 'post', account: string) =>
    request(app.getHttpServer())[method](`/accounts/${account}/notes`).set('Host', `${region.code}.localhost:4000`);

  it('runs the very example of its README', () => {
    const readme = readFileSync(join(ROOT, 'libs/residency/README.md'), 'utf8');
    const example = readFileSync(join(ROOT, 'test/support/readme-example.ts'), 'utf8');
    expect(/```ts\n(.*?)```/s.exec(readme)?.[1]).toBe(example);
  });

  it('stores a note in the region of its account and nowhere else', async () => {
    for (const [i, region] of [eu, us].entries()) {
      const account = ids.mint('acct', region);
      await databases[i]!.sql('app', 'insert into account (id) values ($1)', [ids.encode(account, 'acct', region)]);
      await call(region, 'post', account).expect(201);
      const { body } = await call(region, 'get', account).expect(200);
      expect(body).toEqual([
        { accountId: account, id: expect.stringMatching(`^note_${region.code}_`), text: 'stays home' },
      ]);
    }
    expect(await Promise.all(databases.map((d) => d.sql('app', 'select count(*)::int as n from note')))).toEqual([
      [{ n: 1 }],
      [{ n: 1 }],
    ]);
  });

  it('refuses the id of one region at the origin of the other', async () => {
    await call(eu, 'get', ids.mint('acct', us)).expect(421);
    await call(us, 'post', ids.mint('acct', eu)).expect(421);
  });
});
