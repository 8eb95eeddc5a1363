import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Get, HttpException, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createEventLog,
  fastifyOptions,
  installStrictJsonBody,
  nestLogger,
  Problem,
  ProblemFilter,
} from '@domicile/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import pg from 'pg';
import { QueryFailedError } from 'typeorm';
import { CATALOGUE } from '../../apps/api/src/catalogue.js';
import { SilentLogger } from '../../libs/residency/src/silent-logger.js';
import { createDatabase, eu, type TestDatabase } from '../support/databases.js';
import { type Answer, ask } from '../support/http.js';
import { SCHEMA } from '../support/installation.js';

/** A word that a person might have typed; every fault carries it wherever it can. */
const CANARY = 'anna.canary@example.org';
const PLACES = ['handler', 'rejection', 'rendering', 'onRequest', 'preHandler'] as const;

class TypedError extends Error {
  readonly email = CANARY;
  readonly statusCode = 400;
  readonly headers = { 'x-email': CANARY };
  readonly errors = [{ pointer: CANARY, code: CANARY, message: CANARY }];
  readonly members = { email: CANARY };
}

/** What the code below us throws, as it really comes, and what nobody should. */
function faults(real: readonly Error[]): readonly unknown[] {
  const parsed = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      return error;
    }
  };
  const thrown = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    throw new Error('Nothing was thrown.');
  };
  const withCode = (code: unknown, more: object = {}): Error => Object.assign(new Error(CANARY), { code, ...more });
  const getter = (name: string): Error =>
    Object.defineProperty(new Error(CANARY), name, {
      get: () => {
        throw new Error(CANARY);
      },
    });
  const branded = (more: object): Error =>
    Object.assign(new Error(CANARY), { [Symbol.for('domicile.problem')]: true, ...more });
  return [
    ...real,
    ...real.map((error) => new QueryFailedError(`select '${CANARY}'`, [CANARY], error)),
    parsed(`{"email":"${CANARY}",}`),
    parsed(CANARY),
    thrown(() => readFileSync(`/etc/${CANARY}`)),
    thrown(() => new URL(CANARY)),
    thrown(() => BigInt(CANARY)),
    thrown(() => decodeURIComponent(`%${CANARY}`)),
    thrown(() => (undefined as unknown as Record<string, () => void>)[CANARY]!()),
    new HttpException({ email: CANARY }, 500, { cause: new Error(CANARY) }),
    new HttpException(CANARY, 418),
    new HttpException(CANARY, 502, { description: CANARY }),
    new AggregateError([new Error(CANARY)], CANARY),
    new Error(CANARY, { cause: CANARY }),
    new TypedError(CANARY),
    new Problem(CANARY),
    branded({ code: CANARY, detail: CANARY }),
    branded({ code: 'anna.canary' }),
    branded({ code: 'toString' }),
    Object.assign(new Error(CANARY), { constructor: { name: 'AnnaCanary' } }),
    branded({ code: { toString: () => CANARY } }),
    withCode(CANARY),
    withCode('ECONNREFUSED', { address: CANARY, port: 5432 }),
    withCode('FST_ERR_CTP_INVALID_TYPE', { statusCode: 500 }),
    withCode('23505', { detail: `Key (email)=(${CANARY})`, table: CANARY, constraint: CANARY }),
    withCode(CANARY.toUpperCase().replaceAll(/\W/g, ' ')),
    Object.assign(new Error(CANARY), { name: CANARY }),
    Object.assign(new Error(CANARY), { toString: () => CANARY, toJSON: () => CANARY }),
    Object.assign(new Error(CANARY), { stack: `Error: ${CANARY}\n    at select (${import.meta.filename}:1:1)` }),
    getter('code'),
    getter('message'),
    getter('constructor'),
    getter('statusCode'),
    Object.assign(Object.create(null) as object, { email: CANARY }),
    { message: CANARY, status: 400, response: CANARY },
    CANARY,
    Symbol(CANARY),
    () => CANARY,
    [CANARY],
    42,
    10n,
    new Proxy(new Error(CANARY), { get: () => thrown(() => new URL(CANARY)) }),
    revoked(),
  ];
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

let all: readonly unknown[] = [];

@Controller('t')
class TestController {
  @Post('handler/:n')
  handler(@Param('n') n: string, @Body() _body: object): never {
    throw all[Number(n)];
  }

  @Post('rejection/:n')
  async rejection(@Param('n') n: string): Promise<never> {
    await Promise.resolve();
    throw all[Number(n)];
  }

  @Post('rendering/:n')
  rendering(@Param('n') n: string): object {
    return {
      toJSON: () => {
        throw all[Number(n)];
      },
    };
  }

  @Post('onRequest/:n')
  onRequest(): object {
    return {};
  }

  @Post('preHandler/:n')
  preHandler(): object {
    return {};
  }

  @Get('well')
  well(): object {
    return { ok: true };
  }
}

@Module({ controllers: [TestController] })
class TestModule {}

let database: TestDatabase;
let app: NestFastifyApplication;
let port: number;
const lines: string[] = [];
const log = createEventLog({ write: (line) => lines.push(line) });

/** Errors of the real driver, each with the canary in what PostgreSQL says of it. */
async function databaseErrors(): Promise<Error[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const errorOf = (text: string, values: unknown[]): Promise<Error> =>
    client.query(text, values).then(
      () => Promise.reject(new Error('No error came.')),
      (error: Error) => error,
    );
  try {
    await client.query('create temp table t (email text primary key check (length(email) < 30), age int not null)');
    await client.query('insert into t values ($1, 1)', [CANARY]);
    return [
      await errorOf('insert into t values ($1, 1)', [CANARY]),
      await errorOf('insert into t values ($1, null)', [`2${CANARY}`]),
      await errorOf('insert into t values ($1, 1)', [CANARY.repeat(2)]),
      await errorOf('select $1::uuid', [CANARY]),
      await errorOf(`selekt '${CANARY}'`, []),
    ];
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  database = await createDatabase(eu, SCHEMA);
  all = faults(await databaseErrors());
  const adapter = new FastifyAdapter(fastifyOptions());
  app = await NestFactory.create<NestFastifyApplication>(TestModule, adapter, {
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
  });
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  for (const hook of ['onRequest', 'preHandler'] as const)
    fastify.addHook(hook, (request: FastifyRequest, _reply: unknown, done: () => void) => {
      const [, , place, n] = request.raw.url!.split('/');
      if (place === hook) throw all[Number(n)];
      done();
    });
  installStrictJsonBody(fastify);
  app.useGlobalFilters(new ProblemFilter(CATALOGUE, log, () => 'eu'));
  await app.listen(0, '127.0.0.1');
  ({ port } = app.getHttpServer().address() as AddressInfo);
});
afterAll(async () => {
  await app?.close();
  await database.drop();
});
beforeEach(() => {
  lines.length = 0;
});

/** What must stand nowhere: what was typed, a place in the code, a line of a stack, SQL, a word of the driver or of a library. */
const TRACE =
  /canary|anna|node_modules|\/(?:libs|apps|test|etc|root|home|tmp)\/|\bat \S+ \(|select |insert |violates|duplicate key|syntax error|Unexpected token|Cannot read|no such file|typeorm/i;

const fault = (place: string, n: number, headers: Record<string, string> = {}): Promise<Answer> =>
  ask({ port, path: `/t/${place}/${n}`, json: { email: CANARY }, headers });

it('sees what it searches for: each fault of the driver says the canary itself', () => {
  for (const error of all.slice(0, 5) as Error[]) expect(JSON.stringify(error) + error.message).toMatch(TRACE);
});

describe('two hundred faults, forced in five places (leak rows 21, 22)', () => {
  it('are as many', () => expect(all.length * PLACES.length).toBeGreaterThanOrEqual(200));

  it.each(PLACES)('in the %s: the answer says what the catalogue says, the log a class and a code', async (place) => {
    for (const n of all.keys()) {
      lines.length = 0;
      const { status, headers, text } = await fault(place, n);
      expect([n, status, headers['content-type']]).toEqual([n, 500, 'application/problem+json']);
      expect([n, (JSON.parse(text) as { code: string }).code]).toEqual([n, 'server.fault']);
      expect([n, TRACE.exec(text + JSON.stringify(headers))]).toEqual([n, null]);
      expect(text).not.toMatch(/Error|ERR_|E[A-Z]{4,}|\b\d{5}\b/);
      expect([n, lines.length, TRACE.exec(lines.join(''))]).toEqual([n, 1, null]);
      const { time, requestId, errorName, code, ...rest } = JSON.parse(lines[0]!) as Record<string, string>;
      expect(rest).toEqual({
        level: 'error',
        event: 'request.fault',
        region: 'eu',
        status: 500,
        route: `/t/${place}/:n`,
      });
      expect([time, requestId, errorName, code].every((value) => typeof value === 'string')).toBe(true);
    }
    expect(log.dropped).toBe(0);
  });
});

describe('a line of the log (leak row 23)', () => {
  const SENSITIVE: Readonly<Record<string, string>> = {
    authorization: `Bearer ${CANARY}`,
    cookie: `session=${CANARY}`,
    referer: `https://example.org/${CANARY}`,
    'user-agent': CANARY,
    origin: `https://${CANARY}`,
    'x-forwarded-for': CANARY,
    forwarded: `for=${CANARY}`,
    'x-request-id': CANARY,
    'idempotency-key': CANARY,
    traceparent: CANARY,
    'proxy-authorization': CANARY,
    'accept-language': CANARY,
  };

  it('holds none of twelve headers, no path, no query, no body and no address of a client', async () => {
    expect(Object.keys(SENSITIVE).length).toBe(12);
    for (const place of PLACES) await fault(place, 0, SENSITIVE);
    await ask({ port, path: `/t/handler/0?email=${CANARY}`, json: { email: CANARY }, headers: SENSITIVE });
    expect(lines.length).toBe(PLACES.length + 1);
    expect(lines.join('')).not.toMatch(/canary|127\.0\.0\.1|bearer|session/i);
    for (const line of lines) expect((JSON.parse(line) as { requestId: string }).requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is not written of what goes well, nor of what a client does wrong', async () => {
    await ask({ port, path: '/t/well', headers: SENSITIVE });
    await ask({ port, path: `/t/${CANARY}`, headers: SENSITIVE });
    await ask({
      port,
      path: '/t/handler/0',
      method: 'POST',
      body: Buffer.from(`{"${CANARY}`),
      headers: { ...SENSITIVE, 'content-type': 'application/json' },
    });
    expect(lines).toEqual([]);
  });
});

describe('no log of slow queries (leak row 24)', () => {
  it('is kept by the server, and the role of the API cannot ask for one', async () => {
    const setting = async (name: string): Promise<unknown> => (await database.sql('app', `show ${name}`))[0]![name];
    expect(await setting('log_min_duration_statement')).toBe('-1');
    expect(await setting('log_min_duration_sample')).toBe('-1');
    expect(await setting('log_duration')).toBe('off');
    expect(await setting('log_statement')).toBe('none');
    expect(await database.sql('superuser', "select 1 from pg_settings where name like 'auto_explain.%'")).toEqual([]);
    for (const name of ['log_min_duration_statement = 0', "log_statement = 'all'", 'log_duration = on'])
      await expect(database.sql('app', `set ${name}`)).rejects.toMatchObject({ code: '42501' });
  });

  it('is kept by TypeORM: its logger has every method, and none of them a body', () => {
    const methods = ['logQuery', 'logQueryError', 'logQuerySlow', 'logSchemaBuild', 'logMigration', 'log'];
    expect(Object.getOwnPropertyNames(SilentLogger.prototype).sort()).toEqual(['constructor', ...methods].sort());
    for (const name of methods)
      expect(String(Reflect.get(SilentLogger.prototype, name)).replace(/\s/g, '')).toBe(`${name}(){}`);
  });
});
