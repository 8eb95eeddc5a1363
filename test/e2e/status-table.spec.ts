import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Id, IdCodec, SecretCodec } from '@domicile/residency';
import type { Api, Member } from '../support/api.js';
import { type Answer, ask } from '../support/http.js';
import { Installation } from '../support/installation.js';

/** What the cases are made of. */
interface World {
  readonly api: Api;
  readonly ids: IdCodec;
  readonly secrets: SecretCodec;
  readonly eu: Member;
  /** Another account of the same region. */
  readonly twin: Member;
  readonly us: Member;
}

let world: World;

/** A fresh id of no row. */
const madeUp = (prefix: string, code: string): Id => world.ids.mint(prefix, world.api.regions.get(code));
const madeUpSecret = (code: string): string =>
  world.secrets.mint('sst', world.api.regions.get(code), madeUp('sess', code)).text;

interface Sent {
  readonly path?: string;
  readonly host?: string;
  readonly token?: string;
  readonly authorization?: string;
  readonly post?: boolean;
}
type Case = readonly [name: string, sent: () => Sent, status: number, code: string, right?: 'eu' | 'us'];

const account = (id: string): string => `/v1/accounts/${id}`;
const signups = (region: string): string => `/v1/regions/${region}/signups`;
const port = (code = 'eu'): number => world.api.ports[code]!;

const MISDIRECTED = 'residency.misdirected';
const UNKNOWN = 'residency.region_unknown';
const NOT_FOUND = 'residency.not_found';
const UNAUTHORISED = 'residency.secret_invalid';

const ORIGIN: readonly Case[] = [
  ['the other region', () => ({ host: world.api.host('us'), token: token() }), 421, MISDIRECTED, 'eu'],
  [
    "the other region's staff",
    () => ({ host: `staff.${world.api.host('us')}`, path: account(mine()) }),
    421,
    MISDIRECTED,
    'eu',
  ],
  ['no region', () => ({ host: `localhost:${port()}` }), 421, MISDIRECTED],
  ['an address', () => ({ host: `127.0.0.1:${port()}` }), 421, MISDIRECTED],
  ['an unknown region', () => ({ host: `fr.localhost:${port()}` }), 421, MISDIRECTED],
  ['no port', () => ({ host: 'eu.localhost' }), 421, MISDIRECTED],
  ['another port', () => ({ host: 'eu.localhost:1' }), 421, MISDIRECTED],
  ['a final dot', () => ({ host: `eu.localhost.:${port()}` }), 421, MISDIRECTED],
  ['two names', () => ({ host: `eu.localhost:${port()},us.localhost:${port()}` }), 421, MISDIRECTED],
  ['a user', () => ({ host: `eu@eu.localhost:${port()}` }), 421, MISDIRECTED],
  ['a stranger in front', () => ({ host: `x.eu.localhost:${port()}` }), 421, MISDIRECTED],
  ['nothing', () => ({ host: '' }), 421, MISDIRECTED],
];

const PATH_OTHERS = [
  'EU',
  'Eu',
  'fr',
  'e',
  'eu%20',
  '%20eu',
  '%65u',
  'e%75',
  'eu%00',
  'eu%2F',
  'us%2F..%2Feu',
  'eu,us',
  'eu;us',
  '%5B%22eu%22%5D',
  'eu[]',
  '*',
  '1',
  '-',
  'undefined',
  'null',
  '__proto__',
  'constructor',
  'toString',
  'éu',
  'ｅｕ',
] as const;
const PATH: readonly Case[] = [
  ['the other region', () => ({ path: signups('us'), post: true }), 421, MISDIRECTED, 'us'],
  ...PATH_OTHERS.map((text): Case => [
    text,
    () => ({ path: signups(encodeURI(text).replaceAll('%25', '%')), post: true }),
    404,
    UNKNOWN,
  ]),
  ['200 characters', () => ({ path: signups('e'.repeat(200)), post: true }), 404, UNKNOWN],
  ['300 characters', () => ({ path: signups('e'.repeat(300)), post: true }), 404, 'request.not_found'],
  ['nothing', () => ({ path: '/v1/regions//signups', post: true }), 404, UNKNOWN],
  ['two regions', () => ({ path: '/v1/regions/eu/us/signups', post: true }), 404, 'request.not_found'],
  ['a final slash', () => ({ path: `${signups('eu')}/`, post: true }), 404, 'request.not_found'],
  ['a query', () => ({ path: `${signups('eu')}?region=eu`, post: true }), 400, 'request.query_refused'],
  [
    'an array in a query',
    () => ({ path: `${signups('eu')}?region[]=eu&region[]=us`, post: true }),
    400,
    'request.query_refused',
  ],
  ['bad escapes', () => ({ path: signups('%zz'), post: true }), 400, 'request.malformed'],
];

const mine = (): string => world.eu.account.id;
const token = (): string => world.eu.session.token;
const withToken = (path: () => string) => (): Sent => ({ path: account(path()), token: token() });
const ID: readonly Case[] = [
  ['the other region, existing', withToken(() => world.us.account.id), 421, MISDIRECTED, 'us'],
  ['the other region, made up', withToken(() => madeUp('acct', 'us')), 421, MISDIRECTED, 'us'],
  ['the other region, of another kind', withToken(() => world.us.person.id), 421, MISDIRECTED, 'us'],
  ['an unknown region', withToken(() => mine().replace('_eu_', '_fr_')), 404, NOT_FOUND],
  [
    'this region in its text, the other in its bytes',
    withToken(() => world.us.account.id.replace('_us_', '_eu_')),
    404,
    NOT_FOUND,
  ],
  ['the other region in its text, this in its bytes', withToken(() => mine().replace('_eu_', '_us_')), 404, NOT_FOUND],
  ['this region, of nobody', withToken(() => madeUp('acct', 'eu')), 404, NOT_FOUND],
  ["this region, another's", withToken(() => world.twin.account.id), 404, NOT_FOUND],
  ['this region, of another kind', withToken(() => world.eu.person.id), 404, NOT_FOUND],
  ['capitals', withToken(() => mine().toUpperCase()), 404, NOT_FOUND],
  ['an escape', withToken(() => mine().replace('a', '%61')), 404, NOT_FOUND],
  ['a space', withToken(() => `${mine()}%20`), 404, NOT_FOUND],
  ['one character less', withToken(() => mine().slice(0, -1)), 404, NOT_FOUND],
  ['one character more', withToken(() => `${mine()}0`), 404, NOT_FOUND],
  ['a letter that is none of the alphabet', withToken(() => `${mine().slice(0, -1)}u`), 404, NOT_FOUND],
  ['a uuid', withToken(() => '01890a5d-ac96-774b-bcce-b302099a8057'), 404, NOT_FOUND],
  ['a word', withToken(() => 'constructor'), 404, NOT_FOUND],
  ['a number', withToken(() => '1'), 404, NOT_FOUND],
  ['two ids', withToken(() => `${mine()},${mine()}`), 404, NOT_FOUND],
  [
    'a signup of the other region',
    () => ({ path: `/v1/signups/${madeUp('sgn', 'us')}/confirmations`, post: true }),
    421,
    MISDIRECTED,
    'us',
  ],
  [
    'a signup of nobody',
    () => ({ path: `/v1/signups/${madeUp('sgn', 'eu')}/confirmations`, post: true }),
    404,
    NOT_FOUND,
  ],
];

const bearer = (secret: () => string) => (): Sent => ({ token: secret() });
const SECRET: readonly Case[] = [
  ['the other region, existing', bearer(() => world.us.session.token), 421, MISDIRECTED, 'us'],
  ['the other region, made up', bearer(() => madeUpSecret('us')), 421, MISDIRECTED, 'us'],
  ['an unknown region', bearer(() => token().replace('_eu_', '_fr_')), 401, UNAUTHORISED],
  ['the other region by name only', bearer(() => token().replace('_eu_', '_us_')), 401, UNAUTHORISED],
  ['this region, of no session', bearer(() => madeUpSecret('eu')), 401, UNAUTHORISED],
  [
    'a session, another secret',
    bearer(() => world.secrets.mint('sst', world.api.regions.get('eu'), world.eu.session.id as Id).text),
    401,
    UNAUTHORISED,
  ],
  ['another kind', bearer(() => token().replace('sst_', 'tok_')), 401, UNAUTHORISED],
  ['a wrong checksum', bearer(() => token().slice(0, -1) + (token().endsWith('0') ? '1' : '0')), 401, UNAUTHORISED],
  ['capitals', bearer(() => token().toUpperCase()), 401, UNAUTHORISED],
  ["a session's id", bearer(() => world.eu.session.id), 401, UNAUTHORISED],
  ['a word', bearer(() => 'undefined'), 401, UNAUTHORISED],
  ['nothing', () => ({}), 401, UNAUTHORISED],
  ['an empty header', () => ({ authorization: '' }), 401, UNAUTHORISED],
  ['another scheme', () => ({ authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }), 401, UNAUTHORISED],
  ['the secret alone', () => ({ authorization: token() }), 401, UNAUTHORISED],
  ['two secrets', () => ({ authorization: `Bearer ${token()}, Bearer ${token()}` }), 401, UNAUTHORISED],
  ['two spaces', () => ({ authorization: `Bearer  ${token()}` }), 401, UNAUTHORISED],
  ['a secret in a query', () => ({ path: `/v1/me?access_token=${token()}` }), 400, 'request.query_refused'],
];

/** Sent to the process of EU. */
function send({ path = '/v1/me', host, token: secret, authorization, post = false }: Sent): Promise<Answer> {
  return world.api.ask('eu', path, {
    ...(secret === undefined ? {} : { token: secret }),
    headers: { ...(host === undefined ? {} : { host }), ...(authorization === undefined ? {} : { authorization }) },
    ...(post ? { json: { code: '00000000', password: 'x'.repeat(20) } } : {}),
  });
}

describe.each([
  ['combined', false],
  ['separate', true],
])('in the %s topology', (_topology, separate) => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
    const api = await installation.start({ separate });
    const ids = new IdCodec(api.regions);
    const [eu, twin, us] = await Promise.all([api.member('eu'), api.member('eu'), api.member('us')]);
    world = { api, ids, secrets: new SecretCodec(ids, { sst: 'sess', tok: 'tok' }), eu, twin, us };
  });
  afterAll(() => installation.close());

  describe.each([
    ['origin', ORIGIN],
    ['path', PATH],
    ['id', ID],
    ['secret', SECRET],
  ])('a request whose %s holds', (_place, cases) => {
    // A rest parameter: to a function that takes more than its row holds Jest gives a callback.
    it.each(cases)('%s', async (...[, sent, status, code, right]) => {
      const answer = await send(sent());
      expect([answer.status, answer.code]).toEqual([status, code]);
      const region = right && { code: right, origin: world.api.origin(right) };
      expect(answer.json()['hostingRegion']).toEqual(region);
      if (status === 421) expect(answer.headers.connection).toBe('close');
      if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
    });
  });

  it('serves at an origin the region of that origin, or sends a region that it does not serve away', async () => {
    const answer = await send({ host: world.api.host('us') });
    const right = { code: 'us', origin: world.api.origin('us') };
    expect([answer.status, answer.json()['hostingRegion']]).toEqual(separate ? [421, right] : [401, undefined]);
    expect(answer.headers['x-hosting-region']).toBe(separate ? undefined : 'us');
  });

  it('accepts what names this region everywhere, in every spelling that HTTP allows', async () => {
    for (const sent of [
      { token: token() },
      { token: token(), path: account(mine()) },
      { token: token(), host: world.api.host('eu').toUpperCase() },
      { token: token(), host: `staff.${world.api.host('eu')}` },
      { authorization: `bearer ${token()}` },
    ])
      expect((await send(sent)).status).toBe(200);
  });

  const three = ['eu', 'us'].flatMap((origin) =>
    ['eu', 'us'].flatMap((id) => ['eu', 'us'].map((secret) => [origin, id, secret] as const)),
  );
  it.each(three)('sends origin %s, id %s, secret %s where they belong, or answers', async (origin, id, secret) => {
    const members = { eu: world.eu, us: world.us } as Record<string, Member>;
    const answer = await ask({
      port: port(origin),
      path: account(members[id]!.account.id),
      headers: { host: world.api.host(origin), authorization: `Bearer ${members[secret]!.session.token}` },
    });
    const elsewhere = [id, secret].find((code) => code !== origin);
    expect(answer.status).toBe(elsewhere === undefined ? 200 : 421);
    if (elsewhere !== undefined) {
      expect(answer.json()).toMatchObject({ hostingRegion: { code: elsewhere, origin: world.api.origin(elsewhere) } });
      expect(answer.text).not.toContain('Analytical');
    }
  });
});
