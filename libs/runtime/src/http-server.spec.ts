import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Body, Controller, Get, HttpException, Module, Param, Post, Query, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, MaxLength, MinLength, ValidateNested } from 'class-validator';
import type { FastifyReply } from 'fastify';
import request from 'supertest';
import { BAD_BODIES } from '../test/bad-bodies.js';
import { BODY_SIZE_BYTES_MAX, fastifyOptions, installStrictJsonBody, refuseUndeclaredQueries } from './http-server.js';
import { createEventLog, nestLogger } from './log.js';
import { mergeCatalogues, Problem, REQUEST_ERRORS } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { validationPipe } from './validation.js';

const CANARY = 'anna.canary@example.com';

class Inner {
  @IsString()
  name!: string;
}

class Dto {
  @IsString()
  @MinLength(3, { message: 'too short: $value' })
  @MaxLength(60_000)
  email!: string;

  @IsOptional()
  @IsInt()
  count?: number;

  @IsOptional()
  @Matches(/^a+$/)
  'a/b~c'?: string;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Inner)
  items?: Inner[];
}

class QueryDto {
  @IsOptional()
  @IsString()
  limit?: string;
}

class QueryFailedError extends Error {
  readonly code = '23505';
  readonly table = CANARY;
  readonly detail = `Key (email)=(${CANARY}) already exists.`;
  readonly parameters = [CANARY];
}

@Controller('t')
class TestController {
  @Post()
  echo(@Body() body: Dto): Dto {
    return body;
  }

  @Post('bare')
  bare(): object {
    return { ok: true };
  }

  @Get('list')
  @RouteConfig({ query: true })
  list(@Query() query: QueryDto): QueryDto {
    return query;
  }

  @Get('by/:id')
  one(@Param('id') id: string): object {
    return { length: id.length };
  }

  @Get('throws/:what')
  throws(@Param('what') what: string): never {
    const error: unknown = {
      pg: new QueryFailedError(CANARY),
      string: CANARY,
      unavailable: new Problem('server.unavailable'),
      coded: Object.assign(new Error(CANARY), { code: 'canary' }),
      teapot: new HttpException(CANARY, 418),
      branded: Object.assign(new Error(CANARY), {
        [Symbol.for('domicile.problem')]: true,
        code: 'area.gone',
        headers: { location: '/x' },
        members: { hostingRegion: 'eu' },
      }),
    }[what];
    throw error;
  }

  @Get('late')
  late(@Res() reply: FastifyReply): void {
    void reply.send({ ok: true });
    throw new QueryFailedError(CANARY);
  }
}

@Module({ controllers: [TestController] })
class TestModule {}

let app: NestFastifyApplication;
let server: Server;
const lines: string[] = [];
const log = createEventLog({ write: (line) => lines.push(line) });

beforeAll(async () => {
  const adapter = new FastifyAdapter(fastifyOptions());
  app = await NestFactory.create<NestFastifyApplication>(TestModule, adapter, {
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (incoming, _reply, done) => {
    const thrown = {
      misdirected: new Problem('area.gone', { headers: { connection: 'close' } }),
      fault: new QueryFailedError(CANARY),
    };
    const name = incoming.headers['x-hook'];
    done(name === 'misdirected' || name === 'fault' ? thrown[name] : undefined);
  });
  refuseUndeclaredQueries(fastify);
  installStrictJsonBody(fastify);
  const catalogue = mergeCatalogues(REQUEST_ERRORS, {
    'area.gone': { status: 410, title: 'Gone', detail: 'It is gone.' },
  });
  app.useGlobalFilters(new ProblemFilter(catalogue, log, ({ headers }) => headers['x-region'] as string | undefined));
  app.useGlobalPipes(validationPipe({ special: 'It is special.' }));
  await app.init();
  await fastify.ready();
  await app.listen(0, '127.0.0.1');
  server = app.getHttpServer();
});
afterAll(() => app.close());
beforeEach(() => {
  lines.length = 0;
});

const port = (): number => (server.address() as AddressInfo).port;

type Answer = Pick<request.Response, 'status' | 'headers' | 'text'>;

/** Every refusal is a problem document, and neither it nor the log quotes anything. */
const expectProblem = (answer: Answer, status: number, code: string): void => {
  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
  expect(JSON.parse(answer.text)).toMatchObject({ type: `urn:domicile:error:${code}`, status, code });
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.text + JSON.stringify(answer.headers) + lines.join('')).not.toMatch(/canary|node_modules|\.ts\b|FST_/i);
};

const post = (body: string | Buffer | undefined, type = 'application/json', path = '/t'): request.Test =>
  request(server)
    .post(path)
    .set('content-type', type)
    .serialize((text) => text as string)
    .send(body);
const get = (path: string, headers: Record<string, string> = {}): request.Test =>
  request(server).get(path).set(headers);

/** Writes raw bytes and gives what comes back until the server closes. */
const exchange = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port(), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
  });

describe('a body', () => {
  it('is read when it is one JSON object', async () => {
    const answer = await post('{"email":"abc"}', 'Application/JSON; charset=utf-8');
    expect([answer.status, answer.text]).toEqual([201, '{"email":"abc"}']);
  });

  it('may be absent where nothing is declared', async () => {
    expect((await request(server).post('/t/bare')).status).toBe(201);
  });

  it('is answered with the same bytes, whatever is wrong with its JSON (leak row 25)', async () => {
    const texts = new Set<string>();
    for (const bytes of Object.values(BAD_BODIES)) {
      const answer = await post(Buffer.from(bytes));
      expectProblem(answer, 400, 'request.malformed');
      texts.add(answer.text);
    }
    expect(texts.size).toBe(1);
    expect(lines).toEqual([]);
  });

  it('may have 65536 bytes and not one more', async () => {
    const body = (bytes: number): string => `{"email":"${'a'.repeat(bytes - 12)}"}`;
    expect(Buffer.byteLength(body(BODY_SIZE_BYTES_MAX))).toBe(BODY_SIZE_BYTES_MAX);
    expectProblem(await post(body(BODY_SIZE_BYTES_MAX)), 422, 'request.invalid');
    expectProblem(await post(body(BODY_SIZE_BYTES_MAX + 1)), 413, 'request.body_too_large');
  });

  it('of 10 MB is refused by its announced length alone', async () => {
    const text = await exchange(
      'POST /t HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{"email":"',
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toMatch(/connection: close/i);
    expect(text).toContain('"code":"request.body_too_large"');
  });

  it('without an announced length is refused once it is too long, without its end', async () => {
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    const text = await exchange(
      `POST /t HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}1\r\na\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"code":"request.body_too_large"');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'nonsense',
  ])('of type %s is refused', async (type) =>
    expectProblem(await post('{"email":"abc"}', type), 415, 'request.unsupported_media_type'),
  );

  it('without a type or with a content encoding is refused', async () => {
    const none = await exchange('POST /t HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}');
    expect(none).toMatch(/^HTTP\/1\.1 415 /);
    expectProblem(await post('{}').set('content-encoding', 'gzip'), 415, 'request.unsupported_media_type');
  });
});

describe('validation', () => {
  const errors = async (body: object): Promise<unknown> => {
    const answer = await post(JSON.stringify(body));
    expectProblem(answer, 422, 'request.invalid');
    return (JSON.parse(answer.text) as { errors: unknown }).errors;
  };

  it('points to declared fields with fixed sentences and one error each', async () => {
    expect(await errors({ email: 1, count: '1', 'a/b~c': CANARY, items: [{ name: 'x' }, { name: 2 }] })).toEqual([
      { pointer: '/email', code: 'max_length', message: 'The value is too long.' },
      { pointer: '/count', code: 'is_int', message: 'The value must be a whole number.' },
      { pointer: '/a~1b~0c', code: 'matches', message: 'The value does not have the required form.' },
      { pointer: '/items/1/name', code: 'is_string', message: 'The value must be a string.' },
    ]);
  });

  it('uses no message of a decorator, as it can quote the value', async () => {
    expect(await errors({ email: 'ca' })).toEqual([
      { pointer: '/email', code: 'min_length', message: 'The value is too short.' },
    ]);
  });

  it.each<Record<string, unknown>>([
    { [CANARY]: 1 },
    { [CANARY]: 1, canary: 2 },
    { items: [{ name: 'x', [CANARY]: 1 }] },
    { hasOwnProperty: CANARY },
    { toString: CANARY },
    { isPrototypeOf: 1 },
    { __defineGetter__: 1 },
    { items: [{ name: 'x', valueOf: CANARY }] },
  ])('refuses an undeclared property without repeating its name: %j', async (extra) => {
    expect(await errors({ email: 'abc', ...extra })).toEqual([
      {
        pointer: '',
        code: 'unknown_property',
        message: 'The request holds a property that is not declared; leave it out.',
      },
    ]);
  });

  it.each([undefined, '{}'])('names what is missing in %s', async (body) => {
    const answer = await (body === undefined ? request(server).post('/t') : post(body));
    expectProblem(answer, 422, 'request.invalid');
  });

  it('converts nothing', async () => {
    expect(await errors({ email: 'abc', count: true })).toMatchObject([{ pointer: '/count' }]);
    expect(await errors({ email: 'abc', items: 'x' })).toMatchObject([
      { pointer: '/items', code: 'nested_validation' },
    ]);
  });
});

describe('a query string', () => {
  it('is refused where none is declared', async () => {
    expectProblem(await get(`/t/by/1?email=${CANARY}`), 400, 'request.query_refused');
    expectProblem(await post('{"email":"abc"}', 'application/json', '/t?x=1'), 400, 'request.query_refused');
  });

  it('holds declared parameters only', async () => {
    expect((await get('/t/list?limit=3')).text).toBe('{"limit":"3"}');
    expectProblem(await get(`/t/list?limit=3&${CANARY}=1`), 400, 'request.query_refused');
    expectProblem(await get('/t/list?hasOwnProperty=1'), 400, 'request.query_refused');
    expectProblem(await get('/t/list?limit=1&limit=2'), 422, 'request.invalid');
  });
});

describe('an error', () => {
  it('of an unknown route is 404 without the URL', async () => {
    expectProblem(await get(`/nothing/${CANARY}?q=${CANARY}`), 404, 'request.not_found');
    expectProblem(await request(server).delete('/t'), 404, 'request.not_found');
  });

  it.each(['/%zz', `/t/by/%zz${CANARY}`, '/t/by/%ff'])('of the URL %s is 400', async (path) => {
    const text = await exchange(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toMatch(/^content-type: application\/problem\+json\r?$/im);
    expect(JSON.parse(body)).toMatchObject({ code: 'request.malformed' });
    expect(text).not.toMatch(/canary|zz|FST_/);
  });

  it('of a segment that is too long is 404', async () => {
    expect((await get(`/t/by/${'a'.repeat(200)}`)).status).toBe(200);
    expectProblem(await get(`/t/by/${'a'.repeat(201)}`), 404, 'request.not_found');
  });

  it.each([
    ['words', `${CANARY} is no HTTP\r\n\r\n`],
    ['another version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${CANARY.repeat(1000)}\r\n\r\n`],
    ['two lengths', 'POST /t HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'],
    [
      'a bad chunk',
      'POST /t HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
  ])('of raw bytes that are no HTTP (%s) is one fixed 400 on the socket', async (_, bytes) => {
    const text = await exchange(bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(head).toMatch(/content-type: application\/problem\+json/);
    expect(body).toBe((await post('{')).text);
  });

  it('of a database is a fault without a word of it, and one event', async () => {
    const answer = await get('/t/throws/pg');
    expectProblem(answer, 500, 'server.fault');
    expect(lines).toHaveLength(1);
    const { requestId } = JSON.parse(answer.text) as { requestId: string };
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    const expected = {
      level: 'error',
      event: 'request.fault',
      errorName: 'QueryFailedError',
      code: '23505',
      status: 500,
    };
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      ...expected,
      requestId,
      route: '/t/throws/:what',
      time: expect.any(String) as unknown,
    });
  });

  it('carries the region that the request was resolved to into its event, and none where there is none', async () => {
    await get('/t/throws/pg', { 'x-region': 'eu' });
    await get('/t/throws/pg');
    expect(lines.map((line) => (JSON.parse(line) as { region?: string }).region)).toEqual(['eu', undefined]);
  });

  it.each([
    ['string', 500, 'server.fault'],
    ['teapot', 500, 'server.fault'],
    ['coded', 500, 'server.fault'],
    ['nothing', 500, 'server.fault'],
    ['unavailable', 503, 'server.unavailable'],
  ])('that is %s is answered %d %s', async (what, status, code) => {
    const answer = await get(`/t/throws/${what}`);
    expectProblem(answer, status, code);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '2' : undefined);
    expect(lines).toHaveLength(1);
  });

  it('with the brand is answered by its code, with headers and members, and is no event', async () => {
    const answer = await get('/t/throws/branded');
    expectProblem(answer, 410, 'area.gone');
    expect(answer.headers['location']).toBe('/x');
    expect(JSON.parse(answer.text)).toMatchObject({ hostingRegion: 'eu', detail: 'It is gone.' });
    expect(lines).toEqual([]);
  });

  it('in a hook before the handler is answered alike, and the body is not looked at', async () => {
    expectProblem(await get('/t/by/1', { 'x-hook': 'misdirected' }), 410, 'area.gone');
    expectProblem(await get('/t/by/1', { 'x-hook': 'fault' }), 500, 'server.fault');
    expectProblem(await post('{{{').set('x-hook', 'misdirected'), 410, 'area.gone');
    expectProblem(await get('/nothing', { 'x-hook': 'misdirected' }), 410, 'area.gone');
  });

  it('after the answer has begun leaves it alone', async () => {
    expect((await get('/t/late')).text).toBe('{"ok":true}');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/canary/);
  });

  it('takes no request id from outside', async () => {
    const answer = await get('/t/throws/pg', { 'request-id': CANARY, 'x-request-id': CANARY });
    expectProblem(answer, 500, 'server.fault');
  });
});

describe('mistakes that a client makes', () => {
  it('leave no line in the log, when it goes away in the middle of a body', async () => {
    const socket = connect(port(), '127.0.0.1');
    socket.write(
      'POST /t HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email":',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lines).toEqual([]);
  });
});
