import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec, SecretCodec } from '@domicile/residency';
import { type Api, type Member } from '../support/api.js';
import { type Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { freshName } from '../support/names.js';
import { PeopleOf } from '../support/people.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const outcome = ({ status, code }: Answer): unknown[] => [status, code];
const REFUSED = [401, 'residency.secret_invalid'];
/** Reads by the scope that each asks for. */
const READS = {
  '': 'account.read',
  '/people': 'people.read',
  '/residency': 'receipt.read',
  '/security-log': 'log.read',
} as const;

interface Made {
  readonly id: string;
  readonly token: string;
}

let installation: Installation;
let api: Api;
const sites: Record<string, { people: PeopleOf; ada: Member; grace: Member; twin: Member }> = {};

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start({ separate: true, settings: { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '15000' } });
  for (const code of ['eu', 'us']) {
    const [ada, grace, twin] = await Promise.all([api.member(code), api.member(code), api.member(code)]);
    const people = new PeopleOf(api, code);
    await people.join(ada, grace, 'admin');
    sites[code] = { people, ada, grace, twin };
  }
});
afterAll(() => installation.close());

describe.each(['eu', 'us'])('a token of an account of %s', (code) => {
  const site = () => sites[code]!;
  const people = (): PeopleOf => site().people;
  const inAccount = (more = ''): string => `/v1/accounts/${site().ada.account.id}${more}`;
  const ask = (by: Member, json: object, headers = {}): Promise<Answer> =>
    people().ask(by, 'POST', inAccount('/tokens'), { name: 'Nightly', expiresInDays: 1, ...json }, headers);
  const make = async (by: Member, ...scopes: string[]): Promise<Made> => {
    const answer = await ask(by, { scopes });
    expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('tok_')]);
    return answer.json<Made>();
  };
  const read = async (token: string, more: string): Promise<unknown[]> =>
    outcome(await people().ask(token, 'GET', inAccount(more)));

  it('reads what its scopes name, of its own account, and nothing else', async () => {
    const { ada, twin } = site();
    for (const [more, scope] of Object.entries(READS)) {
      const { token } = await make(ada, scope);
      for (const [other, needed] of Object.entries(READS))
        expect([scope, other, ...(await read(token, other))]).toEqual([
          scope,
          other,
          ...(needed === scope ? [200, undefined] : [403, 'token.scope_missing']),
        ]);
      expect(outcome(await people().ask(token, 'GET', `/v1/accounts/${twin.account.id}${more}`))).toEqual([
        404,
        'residency.not_found',
      ]);
      const foreign = elsewhere(code);
      const away = await api.ask(foreign, `/v1/accounts/${sites[foreign]!.ada.account.id}${more}`, { token });
      expect(outcome(away)).toEqual([421, 'residency.misdirected']);
    }
  });

  it('writes nothing, is nobody’s session, and manages no token', async () => {
    const { token, id } = await make(site().ada, 'account.read', 'people.read', 'log.read', 'receipt.read');
    const person = site().grace.person.id;
    for (const [method, path, json] of [
      ['GET', '/v1/me'],
      ['PATCH', '/v1/me', { displayName: 'x' }],
      ['GET', '/v1/me/preferences'],
      ['DELETE', '/v1/sessions/current'],
      ['PATCH', inAccount(), { name: 'x' }],
      ['GET', inAccount('/policy')],
      ['PATCH', inAccount('/policy'), { sessionIdleMinutes: 15 }],
      ['GET', inAccount('/billing')],
      ['GET', inAccount('/tokens')],
      ['POST', inAccount('/tokens'), { name: 'x', scopes: ['account.read'], expiresInDays: 1 }],
      ['DELETE', inAccount(`/tokens/${id}`)],
      ['GET', inAccount('/invitations')],
      ['POST', inAccount('/invitations'), { email: 'x@example.org', role: 'member' }],
      ['PATCH', inAccount(`/people/${person}`), { role: 'member' }],
      ['DELETE', inAccount(`/people/${person}`)],
      ['DELETE', inAccount('/people/me')],
      ['POST', inAccount('/ownership'), { personId: person }],
      ['POST', inAccount('/closing')],
      ['DELETE', inAccount('/closing')],
      ['POST', `/v1/invitations/${people().madeUp('inv')}/acceptance`, { code: '00000000' }],
    ] as const) {
      const answer = await people().ask(token, method, path, json, { 'if-match': '"v1"' });
      expect([method, path, ...outcome(answer)]).toEqual([method, path, ...REFUSED]);
    }
  });

  it('is shown once, listed without its secret, and stored as a hash beside a sealed name', async () => {
    const { ada, grace, twin } = site();
    const name = `Nightly ${freshName()}`;
    const headers = { 'idempotency-key': randomUUID() };
    const first = await ask(ada, { name, scopes: ['people.read', 'account.read'] }, headers);
    const again = await ask(ada, { name, scopes: ['people.read', 'account.read'] }, headers);
    expect([again.status, again.headers['idempotency-replayed'], again.text]).toEqual([201, 'true', first.text]);
    const { id, token } = first.json<Made>();
    expect((await read(token, ''))[0]).toBe(200);
    const list = await people().ask(grace, 'GET', inAccount('/tokens?limit=100'));
    const { tokens } = list.json<{ tokens: (Made & { name: string; scopes: string[]; lastUsedAt: string })[] }>();
    expect(tokens.filter((each) => each.name === name)).toEqual([
      expect.objectContaining({ id, scopes: ['account.read', 'people.read'], madeBy: ada.person.id }),
    ]);
    expect(Date.parse(tokens.find((each) => each.id === id)!.lastUsedAt)).toBeGreaterThan(Date.now() - 60_000);
    const dump = await installation.dump(code);
    for (const secret of [token, name]) {
      expect([secret, list.text.includes(secret) && secret === token, dump.includes(secret)]).toEqual([
        secret,
        false,
        false,
      ]);
      expect(installation.written).not.toContain(secret);
    }
    // A use within five minutes writes nothing.
    const used = async (): Promise<unknown> =>
      (await people().sql('select last_used_at, version from api_token where id = $1', [people().uuid(id)]))[0];
    const before = await used();
    await read(token, '/people');
    expect(await used()).toEqual(before);
    expect((await people().ask(twin, 'GET', inAccount('/tokens'))).status).toBe(404);
    expect((await people().ask(twin, 'DELETE', inAccount(`/tokens/${id}`))).status).toBe(404);
    expect((await people().ask(twin, 'DELETE', `/v1/accounts/${twin.account.id}/tokens/${id}`)).status).toBe(404);
    expect((await read(token, ''))[0]).toBe(200);
  });

  it('is made by who may, just proved, with words of the list alone', async () => {
    const { ada, grace } = site();
    for (const bad of [
      { scopes: [] },
      { scopes: ['account.write'] },
      { scopes: ['account.read', 'account.read'] },
      { scopes: 'account.read' },
      { scopes: ['account.read'], expiresInDays: 366 },
      { scopes: ['account.read'], expiresInDays: 0 },
      { scopes: ['account.read'], expiresInDays: 1.5 },
      { scopes: ['account.read'], name: 'card 4111 1111 1111 1111' },
      { scopes: ['account.read'], name: '' },
    ])
      expect([bad, (await ask(ada, bad)).status]).toEqual([bad, 422]);
    const session = [people().uuid(grace.session.id)];
    await people().sql("update session set authenticated_at = now() - interval '11 minutes' where id = $1", session);
    expect(outcome(await ask(grace, { scopes: ['account.read'] }))).toEqual([403, 'session.not_fresh']);
    await people().sql('update session set authenticated_at = now() where id = $1', session);
  });

  it('is worth nothing when it is altered, over, revoked, or of no row', async () => {
    const { ada } = site();
    const { id, token } = await make(ada, 'account.read');
    const region = api.regions.get(code);
    const codec = new SecretCodec(new IdCodec(api.regions), { tok: 'tkn' });
    // Of the right row with other random bits, and of no row.
    for (const forged of [
      codec.mint('tok', region, id as never).text,
      codec.mint('tok', region, people().madeUp('tkn')).text,
    ])
      expect(await read(forged, '')).toEqual(REFUSED);
    expect(await read(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, '')).toEqual(REFUSED);
    const [uuid] = [people().uuid(id)];
    await people().sql("update api_token set expires_at = now() - interval '1 second' where id = $1", [uuid]);
    expect(await read(token, '')).toEqual(REFUSED);
    await people().sql("update api_token set expires_at = now() + interval '1 day' where id = $1", [uuid]);
    expect((await read(token, ''))[0]).toBe(200);
    // From the answer on, whatever was under way.
    const uses = Array.from({ length: 50 }, () => read(token, ''));
    const revoked = await people().ask(ada, 'DELETE', inAccount(`/tokens/${id}`));
    const after = await Promise.all(Array.from({ length: 20 }, () => read(token, '')));
    expect(revoked.status).toBe(204);
    for (const each of await Promise.all(uses)) expect([200, 401]).toContain(each[0]);
    for (const each of after) expect(each).toEqual(REFUSED);
    expect((await people().ask(ada, 'DELETE', inAccount(`/tokens/${id}`))).status).toBe(404);
  });

  it('dies with its maker’s right to make it, and does not come back with her', async () => {
    const { ada, grace } = site();
    const graces = inAccount(`/people/${grace.person.id}`);
    const [first, other] = [await make(grace, 'account.read'), await make(ada, 'account.read')];
    expect((await people().change(ada, 'PATCH', graces, { role: 'billing' })).status).toBe(200);
    expect(await read(first.token, '')).toEqual(REFUSED);
    expect((await people().change(ada, 'PATCH', graces, { role: 'admin' })).status).toBe(200);
    expect(await read(first.token, '')).toEqual(REFUSED);
    const second = await make(grace, 'account.read');
    expect((await people().ask(ada, 'DELETE', graces)).status).toBe(204);
    expect(await read(second.token, '')).toEqual(REFUSED);
    await people().join(ada, grace, 'admin');
    expect(await read(second.token, '')).toEqual(REFUSED);
    // Taken away beside the API: what the row of her part says holds.
    const third = await make(grace, 'account.read');
    const part = [people().uuid(ada.account.id), people().uuid(grace.person.id)];
    for (const role of ['member', 'billing', 'strange']) {
      await people().sql('update membership set role = $3 where account_id = $1 and person_id = $2', [...part, role]);
      expect([role, ...(await read(third.token, ''))]).toEqual([role, ...REFUSED]);
    }
    await people().sql("update membership set role = 'admin' where account_id = $1 and person_id = $2", part);
    await people().sql("update person set status = 'suspended' where id = $1", [part[1]]);
    expect(await read(third.token, '')).toEqual(REFUSED);
    await people().sql("update person set status = 'active' where id = $1", [part[1]]);
    expect((await read(third.token, ''))[0]).toBe(200);
    expect((await read(other.token, ''))[0]).toBe(200);
  });

  it('is one of a hundred at most, however many are made at once', async () => {
    const { twin } = site();
    const target = `/v1/accounts/${twin.account.id}/tokens`;
    const made = () =>
      people().ask(twin, 'POST', target, { name: 'Nightly', scopes: ['account.read'], expiresInDays: 1 });
    const { id } = (await made()).json<Made>();
    const copies = async (count: number, expiresAt: string): Promise<void> => {
      const ids = Array.from({ length: count }, () => people().uuid(people().madeUp('tkn')));
      await people().sql(
        `insert into api_token (id, account_id, maker_id, secret_hash, sealed, scopes, expires_at)
          select unnest($2::uuid[]), account_id, maker_id, secret_hash, sealed, scopes, ${expiresAt} from api_token where id = $1`,
        [people().uuid(id), ids],
      );
    };
    const live = async (): Promise<unknown> => {
      const sql = 'select count(*)::int as count from api_token where account_id = $1 and expires_at > now()';
      return (await people().sql(sql, [people().uuid(twin.account.id)]))[0]!['count'];
    };
    // Those that are over count for nothing.
    await copies(30, "now() - interval '1 second'");
    await copies(80, 'expires_at');
    const answers = await Promise.all(Array.from({ length: 50 }, made));
    expect(answers.map((answer) => outcome(answer)).sort()).toEqual([
      ...Array<unknown>(19).fill([201, undefined]),
      ...Array<unknown>(31).fill([409, 'token.too_many']),
    ]);
    expect(await live()).toBe(100);
    // The limit is the account's, and room is made by revoking.
    await make(site().ada, 'account.read');
    expect((await people().ask(twin, 'DELETE', `${target}/${id}`)).status).toBe(204);
    expect([(await made()).status, outcome(await made())]).toEqual([201, [409, 'token.too_many']]);
    expect(await live()).toBe(100);
  });

  it('can be revoked while the account is closing', async () => {
    const { id, token } = await make(site().ada, 'account.read');
    expect((await people().ask(site().ada, 'POST', inAccount('/closing'))).status).toBe(200);
    expect((await read(token, ''))[0]).toBe(200);
    expect(outcome(await ask(site().ada, { scopes: ['account.read'] }))).toEqual([403, 'account.closing']);
    expect((await people().ask(site().ada, 'DELETE', inAccount(`/tokens/${id}`))).status).toBe(204);
    expect((await people().ask(site().ada, 'DELETE', inAccount('/closing'))).status).toBe(204);
  });
});
