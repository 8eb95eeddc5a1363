import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { METHODS } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IdCodec, Regions } from '@domicile/residency';
import { ID_PREFIXES, SECRET_PREFIXES } from '@domicile/runtime';
import { ApiProcess, PROCESS_KINDS } from '../support/api.js';
import { type Answer, ask, exchange } from '../support/http.js';
import { Intruder } from '../support/intruder.js';
import { connectionsOf } from '../support/started.js';
import { threeRegions } from '../support/third-region.js';

const FILE = join(import.meta.dirname, '../../deploy/regions.json');
const ENVIRONMENT = { PORT: '0', DOMICILE_REGIONS_FILE: FILE, DOMICILE_PUBLIC_PORTS: 'eu=4001,us=4002' };
const regions = Regions.load(FILE, { eu: 4001, us: 4002 });
const ids = new IdCodec(regions);
const PAGES = ['/', '/en', '/de', '/which', '/en/which', '/de/which'];
/** What a browser says when a button of our own page was pressed. */
const PRESSED = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
/** What must be in no answer and in no line: somebody's address. */
const CANARY = 'canary-4be1c7@example.org';

const HEADERS: Readonly<Record<string, string | undefined>> = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  vary: 'Accept, Accept-Language, Cookie',
  'strict-transport-security': undefined,
  server: undefined,
  'x-powered-by': undefined,
  'access-control-allow-origin': undefined,
};

const running: ApiProcess[] = [];
const spawned = (environment: Readonly<Record<string, string>>): ApiProcess => {
  const door = new ApiProcess(environment, PROCESS_KINDS.frontDoor);
  running.push(door);
  return door;
};
afterAll(async () => {
  await Promise.all(running.map((each) => each.stop()));
});

describe('the front door', () => {
  let door: ApiProcess;
  let port: number;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    ask({ port, path, headers: { host: `localhost:${port}`, ...headers } });

  beforeAll(async () => {
    door = spawned(ENVIRONMENT);
    port = await door.listening();
  });

  it.each(PAGES)('serves %s as a page of at most 15 kB without a cookie, links to regions alone', async (path) => {
    const answer = await get(path);
    const icon = await get('/icon.svg');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(Buffer.byteLength(answer.text) + Buffer.byteLength(icon.text)).toBeLessThanOrEqual(15_000);
    for (const { name, origins } of regions.all) {
      expect(answer.text).toContain(name);
      expect(answer.text).toContain(origins.customer);
    }
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    const head = await ask({ port, path, method: 'HEAD', headers: { host: 'localhost' } });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([
      200,
      '',
      answer.headers['content-length'],
    ]);
  });

  it('speaks the language of the path, and without one that of the browser', async () => {
    const spoken = async (path: string, wish: string): Promise<string | undefined> =>
      /<html lang="(\w+)"/.exec((await get(path, { 'accept-language': wish })).text)?.[1];
    expect(await Promise.all(['/', '/which'].flatMap((path) => [spoken(path, 'de-AT'), spoken(path, 'fr')]))).toEqual([
      ...['de', 'en'],
      ...['de', 'en'],
    ]);
    expect(await spoken('/en', 'de')).toBe('en');
    expect(await spoken('/de/which', 'en')).toBe('de');
    expect(
      /<html lang="(\w+)"/.exec((await get('/x', { accept: 'text/html', 'accept-language': 'de' })).text)?.[1],
    ).toBe('de');
  });

  it('remembers a region when its button is pressed, shows it first, sends nobody on by itself, and forgets it', async () => {
    for (const { code, name } of regions.all) {
      const pressed = await get(`/de/remember/${code}?`, PRESSED);
      expect([pressed.status, pressed.headers.location, pressed.text]).toEqual([303, '/de', '']);
      expect(pressed.headers['set-cookie']).toEqual([
        `__Host-region=${code}; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Strict`,
      ]);
      const known = await get('/', { cookie: `__Host-region=${code}` });
      expect([known.status, known.headers.location, known.headers['set-cookie']]).toEqual([200, undefined, undefined]);
      expect(/<h3>([^<]+)/.exec(known.text)![1]!.trim()).toBe(name);
      expect((await get('/en/which', { cookie: `__Host-region=${code}` })).text).toContain(`remember: ${name}.`);
    }
    const forgotten = await get('/en/forget?', PRESSED);
    expect([forgotten.status, forgotten.headers.location]).toEqual([303, '/en']);
    expect(forgotten.headers['set-cookie']).toEqual([
      '__Host-region=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict',
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['a prefetch', { ...PRESSED, 'sec-purpose': 'prefetch' }],
    ['a page elsewhere', { ...PRESSED, 'sec-fetch-site': 'cross-site' }],
    ["a region's page", { ...PRESSED, 'sec-fetch-site': 'same-site' }],
    ['an image', { ...PRESSED, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['who does not say', {}],
  ])('remembers and forgets nothing for %s', async (_who, headers) => {
    for (const path of ['/en/remember/eu', '/en/forget']) {
      const answer = await get(path, headers);
      expect([answer.status, answer.code, answer.headers['set-cookie']]).toEqual([403, 'page.not_asked', undefined]);
    }
  });

  it('takes a cookie that it did not set for none', async () => {
    const plain = (await get('/en')).text;
    for (const cookie of ['__Host-region=xx', '__Host-region=EU', '__Host-region=<b>', 'region=eu', CANARY, ';;='])
      expect((await get('/en', { cookie })).text).toBe(plain);
    expect((await get('/en/remember/xx', PRESSED)).status).toBe(404);
  });

  describe('/a/<id>', () => {
    const minted = fc
      .tuple(fc.constantFrom(...Object.values(ID_PREFIXES)), fc.constantFrom(...regions.all))
      .map(([prefix, region]) => ({ id: ids.mint(prefix, region), region }));

    it("leads any id to its region's origin, and nothing of the query with it", async () => {
      await fc.assert(
        fc.asyncProperty(minted, async ({ id, region }) => {
          const answer = await get(`/a/${id}?next=https://evil.example`);
          expect([answer.status, answer.headers.location]).toEqual([303, `${region.origins.customer}/a/${id}`]);
          expect(answer.headers['set-cookie']).toBeUndefined();
        }),
        { numRuns: 60 },
      );
    });

    it('leads nobody anywhere by what is no id of a known region', async () => {
      const [first, second] = regions.all as [(typeof regions.all)[number], (typeof regions.all)[number]];
      const id = ids.mint('acct', first);
      const three = Regions.parse(threeRegions(), 4001);
      const texts = [
        id.replace(`_${first.code}_`, `_${second.code}_`),
        id.toUpperCase(),
        `${id}0`,
        id.slice(0, -1),
        `${id}\n`,
        `${SECRET_PREFIXES.session}_${first.code}_${'0'.repeat(60)}`,
        new IdCodec(three).mint('acct', three.all[2]!),
        '@evil.example',
        '//evil.example',
        CANARY,
      ];
      const strange = fc.oneof(fc.constantFrom(...texts), fc.string({ minLength: 1 }), mutated());
      await fc.assert(
        fc.asyncProperty(strange, async (text) => {
          fc.pre(ids.parse(text) === null && !['.', '..'].includes(text));
          const answer = await get(`/a/${encodeURIComponent(text)}`);
          expect([answer.status, answer.headers.location]).toEqual([404, undefined]);
        }),
        { numRuns: 150, examples: texts.map((text) => [text] as [string]) },
      );
    });

    const mutated = (): fc.Arbitrary<string> =>
      fc
        .tuple(minted, fc.nat({ max: 33 }), fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz_-%/.'))
        .map(([{ id }, at, other]) => id.slice(0, at) + other + id.slice(at + 1));

    it('tells a person on a page and a program in a problem document, the same for all', async () => {
      const page = await get('/a/nothing', { accept: 'text/html,*/*;q=0.8' });
      expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.text).toContain('This link names no region.');
      const document = await get('/a/nothing', { accept: 'application/json' });
      expect([document.status, document.code]).toEqual([404, 'page.names_no_region']);
      expect((await get(`/a/${CANARY}`, { accept: 'application/json' })).text).toBe(document.text);
      expect((await get(`/a/${CANARY}`, { accept: 'text/html' })).text).not.toContain('canary');
    });
  });

  // CONNECT asks for a tunnel, which Node closes by itself.
  it.each(METHODS.filter((method) => !['GET', 'HEAD', 'CONNECT'].includes(method)))(
    'refuses %s everywhere, its body unread',
    async (method) => {
      for (const path of ['/', '/en/remember/eu', '/a/x', '/nowhere']) {
        const head = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\nexpect: 100-continue\r\n\r\n`;
        const { text, closed } = await exchange(port, head);
        expect(text).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
        expect(text).toMatch(/^allow: GET, HEAD\r$/m);
        expect([text.includes('100 Continue'), closed]).toEqual([false, true]);
      }
    },
  );

  it.each(['GET', 'POST'])(
    'refuses a body that is sent at once with %s, and takes no word of it anywhere',
    async (method) => {
      const body = `email=${CANARY}`;
      for (const framing of [`content-length: ${body.length}`, 'transfer-encoding: chunked']) {
        const sent = framing.startsWith('t') ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
        const { text } = await exchange(
          port,
          `${method} / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\naccept: text/html\r\n${framing}\r\n\r\n${sent}`,
        );
        expect(text).toMatch(/^HTTP\/1\.1 405 /);
        expect(text).toContain('Nothing was taken.');
        expect(text).not.toContain('canary');
      }
    },
  );

  it.each<Record<string, string>>([
    { host: 'evil.example' },
    { host: 'us.localhost:4002' },
    { host: '' },
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', 'x-forwarded-prefix': '/evil' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-original-url': '/evil', 'x-rewrite-url': '/evil' },
    { 'x-host': 'evil.example', 'x-http-host-override': 'evil.example', 'x-forwarded-server': 'evil.example' },
    { origin: 'https://evil.example', referer: `https://evil.example/?${CANARY}` },
    { 'x-http-method-override': 'POST' },
  ])('takes no link from %j', async (headers) => {
    const id = ids.mint('acct', regions.all[0]!);
    for (const path of [...PAGES, `/a/${id}`, '/nowhere']) {
      const [plain, poisoned] = [await get(path), await get(path, headers)];
      expect([poisoned.status, poisoned.headers.location, poisoned.text]).toEqual([
        plain.status,
        plain.headers.location,
        plain.text,
      ]);
    }
  });

  it('gives every answer the headers of security, whatever it is', async () => {
    const answers = [
      ...(await Promise.all([...PAGES, '/icon.svg', '/nowhere', '/a/x', '/en/forget', '/%'].map((path) => get(path)))),
      await get(`/a/${ids.mint('acct', regions.all[0]!)}`),
      await get('/en/forget', PRESSED),
      await get('/nowhere', { accept: 'text/html' }),
      await ask({ port, path: '/', method: 'DELETE', headers: { host: 'localhost' } }),
    ];
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 303, 400, 403, 404, 405]));
    for (const { headers } of answers) {
      for (const [name, value] of Object.entries(HEADERS)) expect([name, headers[name]]).toEqual([name, value]);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
    }
    // Bytes that are no request, and one without a Host.
    expect((await exchange(port, 'nonsense\r\n\r\n')).text).toMatch(/^HTTP\/1\.1 400 [^]*x-frame-options: DENY/);
    expect((await exchange(port, 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n')).text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('connects to nobody, and has said nothing of all this: no request, no address, no region', async () => {
    await get(`/?email=${CANARY}`, { 'user-agent': CANARY, 'x-forwarded-for': '203.0.113.9' });
    expect(connectionsOf(door.pid, port)).toEqual([]);
    const lines = door.output.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'info',
      time: expect.any(String),
      event: 'front_door.listening',
      port,
      pid: door.pid,
    });
    expect(door.errors).toBe('');
    expect(await door.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(door.events('front_door.stopped')).toHaveLength(1);
  });
});

describe('the front door, by configuration alone,', () => {
  it('has a third region, says https to browsers where all regions do, and lets out nobody who got in', async () => {
    const intruder = await Intruder.waiting('canary4be1c7');
    const expectNoWayOut = async (door: ApiProcess): Promise<void> => {
      expect(await intruder.tries(door)).toEqual(intruder.expected([]));
      expect(intruder.arrived).toBe(0);
      const faults = [{ level: 'error', event: 'process.fault', errorName: 'TypeError', code: 'ECANARY' }];
      expect(await intruder.throws(door)).toEqual({ ending: { code: 1, signal: null }, faults });
      expect(door.output + door.errors).not.toContain(intruder.word);
    };
    const folder = mkdtempSync(join(tmpdir(), 'domicile-door-'));
    try {
      const file = join(folder, 'regions.json');
      const stacks = threeRegions().regions.map((row) => ({
        ...row,
        origins: {
          customer: `https://${(row as { code: string }).code}.domicile.example`,
          staff: `https://staff.${(row as { code: string }).code}.domicile.example`,
        },
      }));
      writeFileSync(file, JSON.stringify({ regions: stacks }));
      const door = spawned({ PORT: '0', DOMICILE_REGIONS_FILE: file, ...intruder.settings });
      const port = await door.listening();
      const answer = await ask({ port, path: '/en' });
      for (const { name, origins } of Regions.load(file).all) {
        expect(answer.text).toContain(`Choose ${name}`);
        expect(answer.text).toContain(`href="${origins.customer}/sign-up"`);
      }
      expect(answer.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
      expect(Buffer.byteLength(answer.text)).toBeLessThanOrEqual(15_000);
      await expectNoWayOut(door);
    } finally {
      intruder.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each([
    [
      'DOMICILE_EU_DATABASE_URL',
      `postgres://app:${CANARY}@127.0.0.1/d`,
      /belongs to a region, and the front door serves none/,
    ],
    ['DOMICILE_US_KEY_DATABASE_URL_FILE', '/srv/us', /belongs to a region, and the front door serves none/],
    ['DOMICILE_EU_HOME', '/srv/eu', /belongs to a region, and the front door serves none/],
    ['DOMICILE_US_SMTP_URL', 'smtp://relay', /belongs to a region, and the front door serves none/],
    ['DOMICILE_EU_OWNER_DATABASE_URL', 'postgres://o', /belongs to a region, and the front door serves none/],
    ['DOMICILE_EU_ANYTHING', 'x', /belongs to a region, and the front door serves none/],
    ['DOMICILE_SERVES', 'eu', /is not a setting that the front door knows/],
    ['DOMICILE_POOL_SIZE', '3', /is not a setting that the front door knows/],
    ['DOMICILE_PUBLIC_PORTS', 'eu=4001', /DOMICILE_PUBLIC_PORTS does not say the port of us/],
    ['DOMICILE_PUBLIC_PORTS', 'eu', /DOMICILE_PUBLIC_PORTS is not a list/],
    [
      'DOMICILE_REGIONS_FILE',
      '/nowhere.json',
      /The front door was not started: The region file \/nowhere\.json could not be read/,
    ],
    ['NODE_OPTIONS', '--inspect=0', /NODE_OPTIONS holds --inspect/],
  ])('does not start with %s of %s', async (name, value, words) => {
    const door = spawned({ ...ENVIRONMENT, [name]: value });
    expect((await door.ended).code).toBe(1);
    expect(door.errors).toMatch(words);
    expect(door.errors).toContain(name.startsWith('DOMICILE_REGIONS') ? 'region file' : name);
    expect(door.errors + door.output).not.toContain('canary');
    expect(door.events('front_door.listening')).toEqual([]);
  });

  it('does not start on a port in use', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
    );
    const door = spawned({ ...ENVIRONMENT, PORT: String(port) });
    expect((await door.ended).code).toBe(1);
    expect(door.errors).toBe(
      'The front door was not started: its port is in use by another program; stop that one or set PORT to another.\n',
    );
    taken.close();
  });
});
