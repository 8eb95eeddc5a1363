import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SECRET_COOKIE } from '@domicile/residency';
import { type Api, type Member, PASSWORD } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const CANARY = 'canary-7d21@example.org';

let installation: Installation;
let api: Api;
const people: Record<string, Member> = {};

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
  for (const code of installation.codes) people[code] = await api.member(code);
});
afterAll(() => installation.close());

/** What no two answers share. */
const nonceOf = ({ headers }: Answer): string =>
  /'nonce-([\w-]{22,})'/.exec(String(headers['content-security-policy']))![1]!;
const withoutNonce = (answer: Answer): string => answer.text.replaceAll(nonceOf(answer), '');

/** Bytes as they came. */
function download(code: string, path: string, encoding: string) {
  return new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    const headers = { host: api.host(code), 'accept-encoding': encoding };
    request({ host: '127.0.0.1', port: api.ports[code]!, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ headers: answer.headers, bytes: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

describe.each(['eu', 'us'])('the web of %s', (code) => {
  const pages = (): string[] => {
    const { account } = people[code]!;
    return [
      ...['/', '/sign-up', '/confirm', '/sign-in', '/recover', '/address', '/undo', '/invitations', '/privacy'],
      ...[`/a/${account.id}`, `/a/${account.id}/people/anything`, '/me', '/me/security', '/applications/anything'],
    ];
  };

  it('is one document, made anew for each answer, under a policy that lets nothing in but its own', async () => {
    const nonces = new Set<string>();
    const documents = new Set<string>();
    for (const path of pages()) {
      const answer = await api.ask(code, path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-hosting-region': code,
      });
      const nonce = nonceOf(answer);
      expect(answer.headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; font-src 'self'; ` +
          "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
          "require-trusted-types-for 'script'; trusted-types default",
      );
      expect(answer.text.split(nonce)).toHaveLength(4);
      expect(answer.headers['set-cookie']).toBeUndefined();
      nonces.add(nonce);
      documents.add(withoutNonce(answer));
    }
    expect([nonces.size, documents.size]).toEqual([pages().length, 1]);
  });

  it('has nothing inline but data, and loads nothing that is not its own', async () => {
    const { text } = await api.ask(code, '/sign-in');
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
    const scripts = [...text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)].map(([, attributes, body]) => [
      attributes,
      body,
    ]);
    expect(scripts).toHaveLength(2);
    expect(scripts[0]![0]).toContain('type="application/json"');
    expect(scripts[1]).toEqual([expect.stringContaining('src="/assets/'), '']);
    for (const [, address] of text.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(address).toMatch(/^\/(?:assets\/|docs$)/);
    const data = JSON.parse(scripts[0]![1]!) as { region: string; regions: { code: string }[] };
    expect([data.region, data.regions.map((each) => each.code)]).toEqual([code, installation.codes]);
  });

  it('says the same to everybody, whoever is signed in and whatever is said of hosts', async () => {
    const json = { email: people[code]!.person.email, password: PASSWORD, sessionForm: 'cookie' };
    const [cookie = ''] = (await api.ask(code, '/v1/sessions', { json })).headers['set-cookie'] ?? [];
    const foreign = await api.ask(elsewhere(code), '/v1/sessions', {
      json: { ...json, email: people[elsewhere(code)]!.person.email },
    });
    const plain = withoutNonce(await api.ask(code, '/'));
    const theirs = api.host(elsewhere(code));
    for (const headers of [
      { cookie: cookie.split(';')[0]! },
      { cookie: foreign.headers['set-cookie']![0]!.split(';')[0]! },
      { cookie: `${SECRET_COOKIE}=nonsense` },
      { 'x-forwarded-host': theirs },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
      { forwarded: `host=${theirs};proto=https` },
      { 'x-original-host': theirs, 'x-host': theirs, 'x-http-host-override': theirs, 'x-forwarded-server': theirs },
      { 'x-original-url': '/docs', 'x-rewrite-url': '/docs', 'x-forwarded-prefix': '/evil' },
      { origin: 'https://evil.example', referer: `https://evil.example/?${CANARY}` },
      { 'accept-language': 'de', 'user-agent': CANARY, accept: 'application/json' },
    ] as Record<string, string>[]) {
      const answer = await api.ask(code, '/', { headers });
      expect([headers, answer.status, withoutNonce(answer)]).toEqual([headers, 200, plain]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    for (const host of ['evil.example', `${api.host(code)}.evil.example`, 'localhost', '127.0.0.1', ''])
      expect([host, (await api.ask(code, '/', { headers: { host } })).status >= 400]).toEqual([host, true]);
    const abroad = await api.ask(code, '/', { headers: { host: theirs } });
    expect(abroad.headers['x-hosting-region']).toBe(elsewhere(code));
  });

  it('takes a query on no page but the one that another program comes back to, and keeps no word of it', async () => {
    for (const path of pages()) {
      const answer = await api.ask(code, `${path}?email=${CANARY}`);
      expect([path, answer.status, answer.text.includes('canary')]).toEqual([path, 400, false]);
    }
    const back = await api.ask(code, `/provider-callback?code=${CANARY}&state=x`);
    expect([back.status, withoutNonce(back)]).toEqual([200, withoutNonce(await api.ask(code, '/'))]);
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await api.ask(code, '/sign-in', { method })).status).toBe(404);
    expect(installation.written).not.toContain('canary');
  });

  it('keeps its files for ever, compressed ahead, and gives nothing else away', async () => {
    const { text } = await api.ask(code, '/');
    const files = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of new Set(files)) {
      const plain = await download(code, file, 'identity');
      const [gzip, brotli] = [await download(code, file, 'gzip'), await download(code, file, 'br')];
      const lasting = file.endsWith('icon.svg') ? 'public, max-age=3600' : 'public, max-age=31536000, immutable';
      for (const { headers } of [plain, gzip, brotli])
        expect(headers).toMatchObject({ 'cache-control': lasting, 'x-content-type-options': 'nosniff' });
      expect([gzip, brotli].map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', 'br']);
      expect(gzip.headers['vary']).toMatch(/accept-encoding/i);
      expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
      expect(brotliDecompressSync(brotli.bytes).equals(plain.bytes)).toBe(true);
    }
    for (const path of [
      '/assets/',
      '/assets/gone-12345678.js',
      '/assets/../manifest.json',
      '/assets/%2e%2e/manifest.json',
      '/assets/..%2fmanifest.json',
      '/assets/%5c..%5cmanifest.json',
      '/assets//etc/passwd',
      `${files.find((file) => file.endsWith('.js'))!}.gz`,
      '/manifest.json',
      '/sw.js',
      '/nowhere',
    ]) {
      const answer = await api.ask(code, path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    }
  });

  it('says on a page to whoever mistypes an address that there is none, and to programs as everywhere', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };
    const there = withoutNonce(await api.ask(code, '/sign-in'));
    for (const path of ['/signup', '/a', '/recover/me', `/applications/x/y`, '/%C3%A4', '/signup?next=/', '/v2']) {
      const page = await api.ask(code, path, { headers: browser });
      expect([path, page.status, page.headers['content-type']]).toEqual([path, 404, 'text/html; charset=utf-8']);
      expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-hosting-region': code });
      expect(withoutNonce(page)).toBe(there);
      const program = await api.ask(code, path);
      expect([path, program.status, program.code]).toEqual([path, 404, 'request.not_found']);
    }
    for (const path of ['/v1', '/v1/', '/v1/nowhere', '/v1?x=1', '/docs/nowhere', '/assets/nowhere.js']) {
      const answer = await api.ask(code, path, { headers: browser });
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 404, 'application/problem+json']);
    }
    // The issuer answers for itself.
    const issuer = await api.ask(code, '/oidc/nowhere', { headers: browser });
    expect([issuer.status, issuer.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await api.ask(code, '/signup', { method, headers: browser });
      expect([method, answer.status, answer.headers['content-type']]).toEqual([
        method,
        404,
        'application/problem+json',
      ]);
    }
    // No origin of ours has no page of ours.
    const astray = await api.ask(code, '/signup', { headers: { ...browser, host: 'elsewhere.example' } });
    expect([astray.status, astray.code]).toEqual([421, 'residency.misdirected']);
  });
});
