import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Contexts,
  Ctx,
  IdCodec,
  IdParam,
  Regionless,
  SecretCodec,
  type Id,
  type RegionContext,
} from '@domicile/residency';
import type { ExecutionContext } from '@nestjs/common';
import { installRegionHooks } from '../../libs/residency/src/http/region-hooks.js';
import { RegionGuard } from '../../libs/residency/src/http/region.guard.js';
import { type Addressed, RegionRouter } from '../../libs/residency/src/http/region-router.js';
import { eu, regions, us } from '../support/databases.js';

const ids = new IdCodec(regions);
const secrets = new SecretCodec(ids, { sst: 'sess' });
const combined = new RegionRouter(regions, [eu, us], ids, secrets);
const euOnly = new RegionRouter(regions, [eu], ids, secrets);

const HOST = { eu: 'eu.localhost:4000', us: 'us.localhost:4000' };
const id = { eu: ids.mint('acct', eu), us: ids.mint('acct', us) };
const bearer = {
  eu: `Bearer ${secrets.mint('sst', eu, ids.mint('sess', eu)).text}`,
  us: `Bearer ${secrets.mint('sst', us, ids.mint('sess', us)).text}`,
};

const cookie = {
  eu: `__Host-domicile-session=${bearer.eu.slice('Bearer '.length)}`,
  us: `__Host-domicile-session=${bearer.us.slice('Bearer '.length)}`,
};
const byCookie = (code: 'eu' | 'us', method = 'GET'): Partial<Addressed> => ({ method, cookie: cookie[code] });

const toAccount = (account: string, more: Partial<Addressed> = {}): Addressed => ({
  authority: HOST.eu,
  path: `/v1/accounts/${account}`,
  params: { id: account },
  authorization: undefined,
  ...more,
});
const toSignups = (code: string, more: Partial<Addressed> = {}): Addressed => ({
  authority: HOST.eu,
  path: `/v1/regions/${code}/signups`,
  params: { region: decodeURIComponent(code) },
  authorization: undefined,
  ...more,
});

function outcome(router: RegionRouter, request: Addressed): unknown {
  try {
    return router.resolve(request).region.code;
  } catch (error) {
    const { code, members } = error as { code: string; members: { hostingRegion?: { origin: string } } };
    return members.hostingRegion ? `${code} ${members.hostingRegion.origin}` : code;
  }
}

describe('the router: one region by syntax alone, or a refusal', () => {
  const US = 'residency.misdirected http://us.localhost:4000';
  const EU = 'residency.misdirected http://eu.localhost:4000';
  const [TWICE, CROSS, INVALID] = ['request.credential_ambiguous', 'request.cross_site', 'residency.secret_invalid'];
  const cases: readonly (readonly [what: string, request: Addressed, expected: string])[] = [
    ['origin, path and id of one region', toAccount(id.eu), 'eu'],
    ['the staff origin of the region', toAccount(id.eu, { authority: 'staff.eu.localhost:4000' }), 'eu'],
    ['a host in capitals, as DNS has no case', toAccount(id.eu, { authority: 'EU.localhost:4000' }), 'eu'],
    ['a secret of the same region', toAccount(id.eu, { authorization: bearer.eu }), 'eu'],
    ['a path of the region', toSignups('eu'), 'eu'],
    ['an id of the other region', toAccount(id.us), US],
    ['a path of the other region', toSignups('us'), US],
    ['a secret of the other region', toAccount(id.eu, { authorization: bearer.us }), US],
    ['a secret of the other region and no id', toSignups('eu', { authorization: bearer.us }), US],
    ['an origin of the other region', toAccount(id.eu, { authority: HOST.us }), EU],
    ['an id and a secret of the other region', toAccount(id.us, { authorization: bearer.us }), US],
    ['an unknown origin', toAccount(id.eu, { authority: '127.0.0.1:4000' }), EU],
    ['an unknown origin that looks alike', toAccount(id.eu, { authority: 'eu.localhost:4000.evil.example' }), EU],
    ['an origin with a dot at its end', toAccount(id.eu, { authority: 'eu.localhost.:4000' }), EU],
    ['no origin at all', toAccount(id.eu, { authority: undefined }), EU],
    ['an unknown region code', toSignups('xx'), 'residency.region_unknown'],
    ['a region code in capitals', toSignups('EU'), 'residency.region_unknown'],
    ['a region code with a space', toSignups('eu%20'), 'residency.region_unknown'],
    ['an escaped region code', toSignups('%65u'), 'residency.region_unknown'],
    ['a code that is a property of every object', toSignups('constructor'), 'residency.region_unknown'],
    ['a malformed id', toAccount('acct_eu_1'), 'residency.not_found'],
    ['an id of an unknown region', toAccount(id.eu.replace('_eu_', '_xx_')), 'residency.not_found'],
    [
      'an id whose bytes say another region than its text',
      toAccount(id.us.replace('_us_', '_eu_')),
      'residency.not_found',
    ],
    ['an id in capitals', toAccount(id.eu.toUpperCase()), 'residency.not_found'],
    ['an escaped id', toAccount(id.eu, { path: `/v1/accounts/%61${id.eu.slice(1)}` }), 'residency.not_found'],
    ['a malformed secret', toAccount(id.eu, { authorization: 'Bearer sst_eu_1' }), 'residency.secret_invalid'],
    [
      'a secret whose text was moved to this region',
      toAccount(id.eu, { authorization: bearer.us.replace('_us_', '_eu_') }),
      'residency.secret_invalid',
    ],
    ['another scheme', toAccount(id.eu, { authorization: 'Basic Zm9vOmJhcg==' }), 'residency.secret_invalid'],
    ['an empty credential', toAccount(id.eu, { authorization: 'Bearer ' }), 'residency.secret_invalid'],
    ['a cookie of the same region', toAccount(id.eu, byCookie('eu')), 'eu'],
    ['a cookie of the other region', toAccount(id.eu, byCookie('us')), US],
    [
      'a cookie of the other region that asks for a change from its own origin',
      toAccount(id.eu, { ...byCookie('us', 'PATCH'), origin: 'http://us.localhost:4000' }),
      US,
    ],
    ['a cookie and another credential', toAccount(id.eu, { ...byCookie('eu'), authorization: bearer.eu }), TWICE],
    ['two cookies', toAccount(id.eu, { method: 'GET', cookie: `${cookie.eu}; ${cookie.us}` }), TWICE],
    ['a malformed secret in a cookie', toAccount(id.eu, { method: 'GET', cookie: `${cookie.eu}x` }), INVALID],
    ['a cookie and a change from nowhere', toAccount(id.eu, byCookie('eu', 'PATCH')), CROSS],
    ['a cookie and no method at all', toAccount(id.eu, { cookie: cookie.eu }), CROSS],
    [
      'a cookie and a change from the other region, of the same site',
      toAccount(id.eu, { ...byCookie('eu', 'DELETE'), origin: 'http://us.localhost:4000' }),
      CROSS,
    ],
    [
      'a cookie and a change from the own origin',
      toAccount(id.eu, { ...byCookie('eu', 'POST'), origin: 'http://eu.localhost:4000', fetchSite: 'same-origin' }),
      'eu',
    ],
    [
      'two credentials in one header',
      toAccount(id.eu, { authorization: `${bearer.eu}, ${bearer.us}` }),
      'residency.secret_invalid',
    ],
  ];

  it.each(cases)('%s', (_, request, expected) => {
    expect(outcome(combined, request)).toBe(expected);
  });

  it('points to a known region that this process does not serve', () => {
    expect(outcome(euOnly, toAccount(id.us))).toBe(US);
    expect(outcome(euOnly, toAccount(id.us, { authority: HOST.us }))).toBe(US);
    expect(outcome(euOnly, toSignups('us', { authority: HOST.us }))).toBe(US);
    expect(euOnly.originOf(HOST.us)).toBeUndefined();
    expect(euOnly.originOf(HOST.eu)).toBe(eu);
  });
});

@Controller('things')
class Things {
  @Post(':id') post(@Ctx() ctx: RegionContext, @IdParam('acct') account: Id): object {
    return { region: ctx.region.code, account };
  }
  @Get('nowhere') @Regionless() regionless(): object {
    return { region: null };
  }
  @Get() list(@Ctx() ctx: RegionContext): object {
    return { region: ctx.region.code };
  }
}

@Module({ controllers: [Things] })
class App {}

describe('the hooks: refused before the body, open until the answer is out', () => {
  let app: NestFastifyApplication;
  let port: number;
  const decoded: string[] = [];

  beforeAll(async () => {
    const adapter = new FastifyAdapter();
    const fastify = adapter.getInstance();
    fastify.addHook('preParsing', (request, _reply, payload, done) => {
      decoded.push(request.url);
      done(null, payload);
    });
    installRegionHooks(fastify, combined, new Contexts(ids, regions, [eu, us], 1500));
    app = await NestFactory.create<NestFastifyApplication>(App, adapter, { logger: false });
    app.useGlobalGuards(new RegionGuard());
    await app.listen(0, '127.0.0.1');
    port = (app.getHttpServer().address() as AddressInfo).port;
  });
  afterAll(() => app.close());

  /** Speaks HTTP by hand, so that headers stand exactly as written. */
  async function speak(...lines: string[]): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(lines.join('\r\n'));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    socket.destroy();
    return answer;
  }
  const post = (host: string, account: string, body: string): Promise<string> =>
    speak(
      `POST /things/${account} HTTP/1.1`,
      `Host: ${host}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      body,
    );

  it('serves each region at its own origin and says which it is', async () => {
    for (const code of ['eu', 'us'] as const) {
      const answer = await post(HOST[code], id[code], '{}');
      expect(answer).toContain(' 201 Created');
      expect(answer.toLowerCase()).toContain(`x-hosting-region: ${code}`);
      expect(answer).toContain(`"region":"${code}"`);
    }
  });

  it('never decodes the body of a misdirected request, and closes', async () => {
    decoded.length = 0;
    const answer = await post(HOST.eu, id.us, '{"email":"canary@example.org"}');
    expect(answer).toContain(' 421 ');
    expect(answer.toLowerCase()).toContain('x-hosting-region: eu');
    expect(answer).toContain('http://us.localhost:4000');
    expect(answer).not.toContain('canary');
    expect(decoded).toEqual([]);
    await post(HOST.eu, id.eu, '{}');
    expect(decoded).toHaveLength(1);
  });

  it('answers a misdirected request without waiting for the body that it promises', async () => {
    const answer = await speak(
      `POST /things/${id.us} HTTP/1.1`,
      `Host: ${HOST.eu}`,
      'Content-Type: application/json',
      'Content-Length: 60000',
      '',
      '{"half',
    );
    expect(answer).toContain(' 421 ');
  });

  it('refuses two Host or Authorization headers rather than choosing one', async () => {
    const credentials = [`Authorization: ${bearer.eu}`, `Authorization: ${bearer.us}`];
    expect(
      await speak('GET /things HTTP/1.1', `Host: ${HOST.eu}`, ...credentials, 'Connection: close', '', ''),
    ).toContain(' 421 ');
    expect(
      await speak('GET /things HTTP/1.1', `Host: ${HOST.eu}`, `Host: ${HOST.us}`, 'Connection: close', '', ''),
    ).toMatch(/ 4(00|21) /);
  });

  it('takes no region from forwarded headers or from an absolute request line', async () => {
    const forwarded = ['X-Forwarded-Host', 'X-Host', 'Forwarded', 'X-Original-URL'].map(
      (name) => `${name}: ${HOST.us}`,
    );
    expect(
      await speak('GET /things HTTP/1.1', `Host: ${HOST.eu}`, ...forwarded, 'Connection: close', '', ''),
    ).toContain('"region":"eu"');
    expect(
      await speak(`GET http://${HOST.us}/things HTTP/1.1`, `Host: ${HOST.eu}`, 'Connection: close', '', ''),
    ).not.toContain('"region":"us"');
  });

  it('serves a region-less handler anywhere, and no other', async () => {
    expect(await speak('GET /things/nowhere HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close', '', '')).toContain(
      ' 200 OK',
    );
    expect(await speak('GET /things HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close', '', '')).toContain(' 421 ');
  });

  it('answers an id of another kind as unknown', async () => {
    expect(await post(HOST.eu, ids.mint('pers', eu), '{}')).toContain(' 404 ');
  });

  it('refuses every handler when the hooks were never installed', () => {
    const request = { raw: {}, routeOptions: { config: {} } };
    const execution = { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
    expect(() => new RegionGuard().canActivate(execution)).toThrow(/has none/);
  });
});
