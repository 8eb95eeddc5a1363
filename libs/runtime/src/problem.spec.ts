import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { ID_PREFIXES, SECRET_PREFIXES } from './id-prefixes.js';
import { mergeCatalogues, Problem, REQUEST_ERRORS } from './problem.js';
import { problemReply } from './problem-reply.js';

const CANARY = 'anna.canary@example.com';
const CATALOGUE = mergeCatalogues(REQUEST_ERRORS, {
  'area.gone': { status: 410, title: 'Gone', detail: 'It is gone.' },
  'area.away': { status: 503, title: 'Away', detail: 'It is away.' },
});
const reply = (error: unknown): { status: number; headers: object; body: Record<string, unknown> } => {
  const { status, headers, body } = problemReply(error, CATALOGUE, 'request-1');
  expect(body).not.toMatch(/canary/i);
  return { status, headers, body: JSON.parse(body) as Record<string, unknown> };
};

/** As libs/residency does it: the brand alone, no shared class. */
const branded = (code: unknown, extra: object = {}): Error =>
  Object.assign(new Error(CANARY), { [Symbol.for('domicile.problem')]: true, code }, extra);

describe('the catalogue', () => {
  it('refuses a code that stands in two catalogues', () => {
    expect(() => mergeCatalogues(CATALOGUE, REQUEST_ERRORS)).toThrow(/request\.malformed stands in two catalogues/);
  });

  it('has a status for an error, one title and one sentence in each entry', () => {
    for (const [code, { status, title, detail }] of Object.entries(REQUEST_ERRORS)) {
      expect(code).toMatch(/^[a-z]+\.[a-z_]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).not.toBe('');
      expect(detail).toMatch(/^[^.]+\.$/);
    }
  });
});

describe('problemReply', () => {
  it('renders a branded error of another library by its code, with its headers and members', () => {
    const answer = reply(branded('area.gone', { headers: { 'X-Region': 'eu' }, members: { hostingRegion: 'eu' } }));
    expect(answer.status).toBe(410);
    expect(answer.headers).toEqual({
      'x-region': 'eu',
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
    expect(answer.body).toEqual({
      type: 'urn:domicile:error:area.gone',
      title: 'Gone',
      status: 410,
      code: 'area.gone',
      detail: 'It is gone.',
      hostingRegion: 'eu',
    });
  });

  it('lets no member and no header replace what is fixed', () => {
    const members = { status: 200, detail: 'x', code: 'x', type: 'x', title: 'x' };
    const headers = { 'Content-Type': 'text/html', 'CACHE-CONTROL': 'public' };
    const answer = reply(new Problem('area.gone', { members, headers }));
    expect(answer.body).toMatchObject({ status: 410, code: 'area.gone', detail: 'It is gone.', title: 'Gone' });
    expect(answer.headers).toEqual({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  });

  it('gives every 503 a Retry-After, and keeps one that is given', () => {
    expect(reply(new Problem('area.away')).headers).toMatchObject({ 'retry-after': '2' });
    expect(reply(new Problem('area.away', { headers: { 'Retry-After': '9' } })).headers).toMatchObject({
      'retry-after': '9',
    });
  });

  it('shows the request id on a fault and on nothing that a client can cause', () => {
    expect(reply(new Error(CANARY)).body).toMatchObject({ code: 'server.fault', requestId: 'request-1' });
    expect(reply(new Problem('request.malformed')).body).not.toHaveProperty('requestId');
  });

  it.each<[string, unknown]>([
    ['a code that is in no catalogue', new Problem('area.unknown')],
    ['an inherited property as code', new Problem('toString')],
    ['a brand without a code', branded(undefined)],
    ['a brand with a number', branded(500)],
    ['a code without the brand', Object.assign(new Error(CANARY), { code: 'area.gone' })],
    [
      'an error with a server status',
      Object.assign(new Error(CANARY), { code: 'FST_ERR_CTP_INVALID_TYPE', statusCode: 500 }),
    ],
    ['a SyntaxError of our own', new SyntaxError(`Unexpected token in ${CANARY}`)],
    ['a connection reset of the database', Object.assign(new Error(CANARY), { code: 'ECONNRESET' })],
    ['a string', CANARY],
    ['undefined', undefined],
    ['null', null],
    ['an object without a prototype', Object.create(null)],
  ])('answers server.fault to %s', (_, error) => {
    expect(reply(error)).toMatchObject({ status: 500, body: { code: 'server.fault' } });
  });

  it.each<[unknown, string]>([
    [new NotFoundException(`Cannot GET /${CANARY}`), 'request.not_found'],
    [Object.assign(new Error(CANARY), { code: 'FST_ERR_BAD_URL', statusCode: 400 }), 'request.malformed'],
    [
      Object.assign(new Error(CANARY), { code: 'FST_ERR_CTP_INVALID_CONTENT_LENGTH', statusCode: 400 }),
      'request.malformed',
    ],
    [Object.assign(new Error(CANARY), { code: 'FST_ERR_MAX_PARAM_LENGTH', statusCode: 414 }), 'request.not_found'],
    [Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode: 400 }), 'request.malformed'],
  ])('knows the words of the framework: %s', (error, code) => {
    expect(reply(error).body).toMatchObject({ code });
  });
});

describe('the prefixes', () => {
  it('are short, lower-case and name one kind each', () => {
    const all = [...Object.values(ID_PREFIXES), ...Object.values(SECRET_PREFIXES)];
    expect(new Set(all).size).toBe(all.length);
    for (const prefix of all) expect(prefix).toMatch(/^[a-z]{2,8}$/);
  });
});
