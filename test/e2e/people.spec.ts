import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, freshEmail, type Member } from '../support/api.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { freshName } from '../support/names.js';
import { type Document, operationsOf } from '../support/openapi.js';
import { PeopleOf } from '../support/people.js';

const ROUNDS = 20;
const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const seen = ({ status, text, code }: Answer): unknown[] => [status, code, text];
const outcome = ({ status, code }: Answer): unknown[] => [status, code];

interface Site {
  readonly people: PeopleOf;
  /** Owner of the account that it is about. */
  readonly ada: Member;
  readonly grace: Member;
  /** Of another account. */
  readonly twin: Member;
}

let installation: Installation;
let api: Api;
const sites: Record<string, Site> = {};

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start({ settings: { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '15000' } });
  await api.startWorkers();
  for (const code of ['eu', 'us']) {
    const [ada, grace, twin] = await Promise.all([
      api.member(code, { displayName: 'Ada' }),
      api.member(code),
      api.member(code),
    ]);
    sites[code] = { people: new PeopleOf(api, code), ada, grace, twin };
  }
});
afterAll(() => installation.close());

describe.each(['eu', 'us'])('the people in an account of %s', (code) => {
  const site = (): Site => sites[code]!;
  const people = (): PeopleOf => site().people;
  const inAccount = (more = ''): string => `/v1/accounts/${site().ada.account.id}${more}`;

  it('are invited with one answer for every address, and a mail that keeps its secret in the fragment', async () => {
    const { ada, grace, twin } = site();
    const addresses = [grace.person.email, freshEmail(), ada.person.email, sites[elsewhere(code)]!.ada.person.email];
    const answers = await Promise.all(addresses.map((email) => people().invite(ada, email)));
    const shapes = answers.map((answer) => {
      const { id, expiresAt, ...rest } = answer.json<{ id: string; expiresAt: string; role: string }>();
      expect(id).toMatch(/^inv_/);
      expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 6.9 * 24 * 60 * 60 * 1000);
      return [answer.status, rest];
    });
    for (const shape of shapes) expect(shape).toEqual([201, { role: 'member' }]);
    const { id } = answers[0]!.json<{ id: string }>();
    const mail = await installation.mail(code, id);
    const digits = await installation.digits(code, id);
    const plain = mail.text.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(plain).toContain(`${api.origin(code)}/invitations#id=${id}&code=${digits}`);
    expect(mail.headers['to']).toContain(grace.person.email);
    for (const word of [ada.person.email, ada.account.name]) expect(plain).not.toContain(word);
    expect(installation.mails(elsewhere(code)).some(({ text }) => text.includes(id))).toBe(false);
    // Those who may see them, and nobody else.
    const list = await people().ask(ada, 'GET', inAccount('/invitations'));
    const { invitations } = list.json<{ invitations: { email: string; invitedBy: string }[] }>();
    expect(invitations.map(({ email }) => email).sort()).toEqual([...addresses].sort());
    expect(outcome(await people().ask(twin, 'GET', inAccount('/invitations')))).toEqual([404, 'residency.not_found']);
    expect(outcome(await people().invite(twin, freshEmail(), 'member', ada.account.id))).toEqual([
      404,
      'residency.not_found',
    ]);
    for (const made of answers) {
      const target = inAccount(`/invitations/${made.json<{ id: string }>().id}`);
      expect((await people().ask(twin, 'DELETE', target)).status).toBe(404);
      expect((await people().ask(ada, 'DELETE', target)).status).toBe(204);
      expect((await people().ask(ada, 'DELETE', target)).status).toBe(404);
    }
    expect((await people().accept(grace, id)).code).toBe('residency.not_found');
    const rows = await people().sql(
      'select (select count(*) from invitation) + (select count(*) from invitation_way) as n',
    );
    expect(Number(rows[0]!['n'])).toBe(0);
  });

  it('join by the code and the invited address, once, whoever else has the code', async () => {
    const { ada, grace, twin } = site();
    const { id } = (await people().invite(ada, grace.person.email.toUpperCase())).json<{ id: string }>();
    const digits = await installation.digits(code, id);
    const wrong = digits.replace(/^./, (first) => String((Number(first) + 1) % 10));
    const answer = (by: Member | undefined, what: string, given: string, headers = {}, of = id): Promise<Answer> =>
      people().ask(by, 'POST', `/v1/invitations/${of}/${what}`, { code: given }, headers);
    // Somebody else's looks like none at all, with the right code as with a wrong one.
    const none = await answer(twin, 'acceptance', digits, {}, people().madeUp('inv'));
    expect(outcome(none)).toEqual([404, 'residency.not_found']);
    for (const what of ['acceptance', 'declination'])
      for (const [by, given] of [
        [twin, digits],
        [twin, wrong],
        [ada, digits],
      ] as const)
        expect(seen(await answer(by, what, given))).toEqual(seen(none));
    expect((await answer(undefined, 'acceptance', digits)).status).toBe(401);
    const foreign = sites[elsewhere(code)]!.grace;
    expect((await answer(foreign, 'acceptance', digits)).code).toBe('residency.misdirected');
    expect(outcome(await answer(grace, 'acceptance', wrong))).toEqual([422, 'invitation.code_wrong']);

    const key = randomUUID();
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        answer(grace, 'acceptance', digits, i === 0 ? { 'idempotency-key': key } : {}),
      ),
    );
    const statuses = many.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201).length).toBe(1);
    expect(statuses.filter((status) => status === 404).length).toBe(49);
    expect((await people().roles(ada.account.id))[grace.person.id]).toBe('member');
    expect((await people().affiliated(ada.account.id)).sort()).toEqual([ada.person.id, grace.person.id].sort());
    const me = (await people().ask(grace, 'GET', '/v1/me')).json<{ accounts: { id: string }[] }>();
    expect(me.accounts.map((account) => account.id).sort()).toEqual([ada.account.id, grace.account.id].sort());
    expect((await people().ask(grace, 'GET', inAccount())).json()).toMatchObject({ role: 'member' });
    const again = (await people().invite(ada, grace.person.email)).json<{ id: string }>();
    expect(outcome(await people().accept(grace, again.id))).toEqual([409, 'invitation.already_member']);
    expect((await answer(grace, 'declination', await installation.digits(code, again.id), {}, again.id)).status).toBe(
      204,
    );
  });

  it('give an invitation up after ten wrong codes at once, or when it is over', async () => {
    const { ada, twin } = site();
    const { id } = (await people().invite(ada, twin.person.email)).json<{ id: string }>();
    const digits = await installation.digits(code, id);
    const wrong = digits.replace(/^./, (first) => String((Number(first) + 1) % 10));
    const path = `/v1/invitations/${id}/acceptance`;
    const guesses = await Promise.all(
      Array.from({ length: 30 }, () => people().ask(twin, 'POST', path, { code: wrong })),
    );
    const codes = guesses.map((each) => each.code);
    expect(codes.filter((each) => each === 'invitation.code_wrong').length).toBe(10);
    expect(codes.filter((each) => each === 'invitation.code_exhausted').length).toBe(20);
    expect((await people().accept(twin, id)).code).toBe('invitation.code_exhausted');
    const second = (await people().invite(ada, twin.person.email)).json<{ id: string }>();
    // Nothing is mailed of one that is over.
    await installation.digits(code, second.id);
    await people().sql("update invitation set expires_at = now() - interval '1 second'");
    expect(outcome(await people().accept(twin, second.id))).toEqual([410, 'invitation.expired']);
    await people().sql('delete from invitation; delete from invitation_way');
  });

  it('are shown page by page, masked for a member, and to nobody of another account', async () => {
    const { ada, grace, twin } = site();
    const all = (await people().ask(ada, 'GET', inAccount('/people'))).json<{
      people: Member['person'][];
      next: null;
    }>();
    expect(all.people.map((each) => (each as unknown as { email: string }).email)).toEqual([
      ada.person.email,
      grace.person.email.toLowerCase(),
    ]);
    const first = (await people().ask(ada, 'GET', inAccount('/people?limit=1'))).json<{
      people: object[];
      next: string;
    }>();
    const second = await people().ask(ada, 'GET', inAccount(`/people?limit=1&cursor=${first.next}`));
    expect([...first.people, ...second.json<{ people: object[] }>().people]).toEqual(all.people);
    expect(second.json<{ next: null }>().next).toBeNull();
    const masked = (await people().ask(grace, 'GET', inAccount('/people'))).json<{ people: { email: string }[] }>();
    expect(JSON.stringify(masked.people[0])).not.toContain(ada.person.email);
    expect(JSON.stringify(masked.people[0])).not.toContain('Ada');
    expect(masked.people[1]!.email).toBe(grace.person.email);
    const foreign = sites[elsewhere(code)]!.people.madeUp('mbr');
    for (const query of ['limit=0', 'limit=101', 'limit=1e1', 'cursor=x', `cursor=${ada.person.id}`])
      expect([query, (await people().ask(ada, 'GET', inAccount(`/people?${query}`))).status]).toEqual([query, 422]);
    expect((await people().ask(ada, 'GET', inAccount(`/people?cursor=${foreign}`))).status).toBe(421);
    expect((await people().ask(ada, 'GET', inAccount('/people?all=1'))).code).toBe('request.query_refused');
    expect((await people().ask(twin, 'GET', inAccount('/people'))).status).toBe(404);
    expect((await people().ask(ada, 'GET', inAccount(`/people/${twin.person.id}`))).status).toBe(404);
    const theirs = sites[elsewhere(code)]!.ada.person.id;
    expect((await people().ask(ada, 'GET', inAccount(`/people/${theirs}`))).code).toBe('residency.misdirected');
  });

  it('have the rights of their role, and an owner at any time', async () => {
    const { ada, grace, twin } = site();
    const graces = inAccount(`/people/${grace.person.id}`);
    const adas = inAccount(`/people/${ada.person.id}`);
    const right = [403, 'account.right_missing'];
    expect(outcome(await people().change(grace, 'PATCH', graces, { role: 'owner' }))).toEqual(right);
    expect(outcome(await people().invite(grace, freshEmail(), 'member', ada.account.id))).toEqual(right);
    expect(outcome(await people().change(twin, 'PATCH', graces, { role: 'admin' }))).toEqual([
      404,
      'residency.not_found',
    ]);
    expect((await people().change(ada, 'PATCH', graces, { role: 'admin' })).json()).toMatchObject({ role: 'admin' });
    const stale = await people().ask(ada, 'PATCH', graces, { role: 'member' }, { 'if-match': '"v1"' });
    expect(outcome(stale)).toEqual([412, 'request.precondition_failed']);
    for (const role of ['admin', 'member'])
      expect(outcome(await people().change(grace, 'PATCH', adas, { role }))).toEqual(right);
    expect(outcome(await people().change(grace, 'PATCH', graces, { role: 'owner' }))).toEqual(right);
    expect(outcome(await people().ask(grace, 'DELETE', adas))).toEqual(right);
    expect(outcome(await people().invite(grace, freshEmail(), 'owner', ada.account.id))).toEqual(right);
    const last = [409, 'account.last_owner'];
    expect(outcome(await people().ask(ada, 'DELETE', inAccount('/people/me')))).toEqual(last);
    expect(outcome(await people().ask(ada, 'DELETE', adas))).toEqual(last);
    expect(outcome(await people().change(ada, 'PATCH', adas, { role: 'member' }))).toEqual(last);
    // Handing it over asks for a proof of a short while ago.
    const handOver = (personId: string): Promise<Answer> =>
      people().ask(ada, 'POST', inAccount('/ownership'), { personId });
    const session = [people().uuid(ada.session.id)];
    await people().sql("update session set authenticated_at = now() - interval '11 minutes' where id = $1", session);
    expect(outcome(await handOver(grace.person.id))).toEqual([403, 'session.not_fresh']);
    expect(outcome(await people().change(ada, 'PATCH', graces, { role: 'owner' }))).toEqual([403, 'session.not_fresh']);
    await people().sql('update session set authenticated_at = now() where id = $1', session);
    for (const nobody of [ada.person.id, sites[elsewhere(code)]!.ada.person.id, ada.account.id])
      expect([nobody, (await handOver(nobody)).status]).toEqual([nobody, 422]);
    expect((await handOver(twin.person.id)).status).toBe(404);
    expect((await handOver(grace.person.id)).status).toBe(204);
    const roles = { [ada.person.id]: 'admin', [grace.person.id]: 'owner' };
    expect(await people().roles(ada.account.id)).toEqual(roles);
    expect((await people().change(grace, 'PATCH', adas, { role: 'owner' })).status).toBe(200);
  });

  it(`keep one owner when two remove, demote or leave at once, ${ROUNDS} times`, async () => {
    const { ada, grace } = site();
    const account = people().uuid(ada.account.id);
    const [adas, graces] = [ada, grace].map(({ person }) => inAccount(`/people/${person.id}`)) as [string, string];
    const leave = inAccount('/people/me');
    for (let round = 0; round < ROUNDS; round++) {
      for (const member of [ada, grace]) {
        const values = [account, people().uuid(people().madeUp('mbr')), people().uuid(member.person.id)];
        await people().sql(
          `insert into membership (account_id, id, person_id, role) values ($1, $2, $3, 'owner')
            on conflict (account_id, person_id) do update set role = 'owner'`,
          values,
        );
        await people().sql(
          `insert into affiliation (account_id, id, person_id) select $1, $2, $3
            where not exists (select from affiliation where account_id = $1 and person_id = $3)`,
          [account, people().uuid(people().madeUp('aff')), values[2]],
        );
      }
      const pairs = [
        [() => people().ask(ada, 'DELETE', graces), () => people().ask(grace, 'DELETE', adas)],
        [() => people().ask(ada, 'DELETE', leave), () => people().ask(grace, 'DELETE', leave)],
        [() => people().change(ada, 'PATCH', adas, { role: 'member' }), () => people().ask(grace, 'DELETE', leave)],
      ];
      const answers = await Promise.all(pairs[round % pairs.length]!.map((act) => act()));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status < 300).length).toBe(1);
      const roles = await people().roles(ada.account.id);
      expect(Object.values(roles).filter((role) => role === 'owner').length).toBe(1);
      expect((await people().affiliated(ada.account.id)).sort()).toEqual(Object.keys(roles).sort());
    }
    const [owner] = Object.entries(await people().roles(ada.account.id)).find(([, role]) => role === 'owner')!;
    const [stayed, other] = owner === ada.person.id ? [ada, grace] : [grace, ada];
    const present = await people().roles(ada.account.id);
    if (!present[other.person.id]) {
      const { id } = (await people().invite(stayed, other.person.email, 'owner', ada.account.id)).json<{
        id: string;
      }>();
      expect((await people().accept(other, id)).status).toBe(201);
    }
    await people().sql("update membership set role = 'owner' where account_id = $1", [account]);
  });

  it('enter with what the account’s policy asks for, and are let in elsewhere all the same', async () => {
    const { ada, grace } = site();
    const policy = inAccount('/policy');
    expect((await people().ask(grace, 'GET', policy)).json()).toEqual({
      ownProviderRequired: false,
      secondFactorRequired: false,
      sessionIdleMinutes: null,
      sessionAbsoluteHours: null,
    });
    const required = [403, 'account.second_factor_required'];
    // Nobody shuts herself out.
    expect(outcome(await people().change(ada, 'PATCH', policy, { secondFactorRequired: true }))).toEqual(required);
    const factors = (words: string): Promise<unknown> =>
      people().sql('update session set factors = $1 where id = $2', [words, people().uuid(ada.session.id)]);
    await factors('password totp');
    const changed = await people().change(ada, 'PATCH', policy, { secondFactorRequired: true, sessionIdleMinutes: 30 });
    expect(changed.json()).toEqual({
      ownProviderRequired: false,
      secondFactorRequired: true,
      sessionIdleMinutes: 30,
      sessionAbsoluteHours: null,
    });
    for (const more of ['', '/people', '/policy', '/residency'])
      expect([more, ...outcome(await people().ask(grace, 'GET', inAccount(more)))]).toEqual([more, ...required]);
    expect((await people().ask(grace, 'GET', '/v1/me')).status).toBe(200);
    expect((await people().ask(grace, 'GET', `/v1/accounts/${grace.account.id}`)).status).toBe(200);
    await factors('passkey');
    expect((await people().ask(ada, 'GET', inAccount())).status).toBe(200);
    const session = [people().uuid(ada.session.id)];
    await people().sql("update session set last_seen_at = now() - interval '29 minutes' where id = $1", session);
    expect((await people().ask(ada, 'GET', inAccount())).status).toBe(200);
    await eventually('the note of its use', async () => {
      const seen = "select now() - last_seen_at < interval '1 minute' as seen from session where id = $1";
      return (await people().sql(seen, session))[0]!['seen'] === true;
    });
    await people().sql("update session set last_seen_at = now() - interval '31 minutes' where id = $1", session);
    expect(outcome(await people().ask(ada, 'GET', inAccount()))).toEqual([403, 'account.session_over']);
    await people().sql('update session set last_seen_at = now() where id = $1', session);
    const lifted = { secondFactorRequired: false, sessionIdleMinutes: null, sessionAbsoluteHours: 1 };
    expect((await people().change(ada, 'PATCH', policy, lifted)).json()).toEqual({
      ownProviderRequired: false,
      ...lifted,
    });
    await people().sql("update session set authenticated_at = now() - interval '61 minutes' where id = $1", [
      people().uuid(grace.session.id),
    ]);
    expect(outcome(await people().ask(grace, 'GET', inAccount()))).toEqual([403, 'account.session_over']);
    await people().sql('update session set authenticated_at = now() where id = $1', [people().uuid(grace.session.id)]);
    for (const bad of [{ sessionIdleMinutes: 9 }, { sessionAbsoluteHours: 721 }, { secondFactorRequired: null }])
      expect((await people().change(ada, 'PATCH', policy, bad)).status).toBe(422);
  });

  it('say whom the bill goes to, never with the number of a card, sealed', async () => {
    const { ada, grace, twin } = site();
    const path = inAccount('/billing');
    const bill = {
      legalName: `Söhne ${freshName()}`,
      addressLines: ['1 Dorset Street', 'London'],
      country: 'DE',
      taxId: 'DE 123 456 789',
    };
    expect((await people().ask(ada, 'GET', path)).status).toBe(404);
    const put = (json: unknown, by = ada): Promise<Answer> => people().change(by, 'PUT', path, json, inAccount());
    expect((await put(bill)).json()).toEqual(bill);
    expect((await people().ask(ada, 'GET', path)).json()).toEqual(bill);
    for (const [change, pointer] of [
      [{ legalName: 'Visa 4111 1111 1111 1111' }, '/legalName'],
      [{ addressLines: ['4111-1111', '1111-1111'] }, '/addressLines'],
      [{ addressLines: [] }, '/addressLines'],
      [{ addressLines: 'one' }, '/addressLines'],
      [{ country: 'XX' }, '/country'],
      [{ taxId: 'DE12345678' }, '/taxId'],
      [{ taxId: 'FR12345678901' }, '/taxId'],
      [{ taxId: '4111111111111111' }, '/taxId'],
    ] as const) {
      const answer = await put({ ...bill, ...change });
      expect([answer.status, answer.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer]).toEqual([
        422,
        pointer,
      ]);
    }
    for (const [method, target, field] of [
      ['PATCH', inAccount(), 'name'],
      ['PATCH', '/v1/me', 'displayName'],
    ] as const) {
      const refused = await people().change(ada, method, target, { [field]: 'card 4111-1111-1111-1111' });
      expect([target, refused.status, refused.text.includes('4111')]).toEqual([target, 422, false]);
    }
    expect((await api.signUp(code, { accountName: '4111 1111 1111 1111' })).status).toBe(422);
    const demoted = [people().uuid(ada.account.id), people().uuid(grace.person.id)];
    await people().sql("update membership set role = 'admin' where account_id = $1 and person_id = $2", demoted);
    expect(outcome(await people().ask(grace, 'GET', path))).toEqual([403, 'account.right_missing']);
    expect(outcome(await put(bill, grace))).toEqual([403, 'account.right_missing']);
    expect((await people().ask(twin, 'GET', path)).status).toBe(404);
    expect(await installation.dump(code)).not.toContain(bill.legalName);
  });

  it('are written to in the language of who writes, and prefer for themselves alone', async () => {
    const { ada, twin } = site();
    const path = '/v1/me/preferences';
    expect((await people().ask(ada, 'GET', path)).json()).toEqual({ language: 'en', timeZone: 'UTC' });
    const changed = await people().change(ada, 'PATCH', path, { language: 'de', timeZone: 'America/New_York' });
    expect(changed.json()).toEqual({ language: 'de', timeZone: 'America/New_York' });
    expect((await people().change(ada, 'PATCH', path, { timeZone: 'Europe/Berlin' })).json()).toEqual({
      language: 'de',
      timeZone: 'Europe/Berlin',
    });
    expect((await people().ask(twin, 'GET', path)).json()).toEqual({ language: 'en', timeZone: 'UTC' });
    for (const bad of [{ language: 'fr' }, { timeZone: '+01:00' }, { timeZone: 'Mars/Base' }, { timeZone: null }])
      expect((await people().change(ada, 'PATCH', path, bad)).status).toBe(422);
    const { id } = (await people().invite(ada, freshEmail())).json<{ id: string }>();
    expect((await installation.mail(code, id)).text).toContain('Code');
    expect(await installation.dump(code)).not.toContain('Europe/Berlin');
  });

  it('close an account and take it back: it may only be read meanwhile', async () => {
    const { ada, grace } = site();
    expect(outcome(await people().ask(grace, 'POST', inAccount('/closing')))).toEqual([403, 'account.right_missing']);
    expect((await people().ask(ada, 'DELETE', inAccount('/closing'))).status).toBe(404);
    const many = await Promise.all(Array.from({ length: 20 }, () => people().ask(ada, 'POST', inAccount('/closing'))));
    expect(many.filter(({ status }) => status === 200).length).toBe(1);
    const closed = many.find(({ status }) => status === 200)!.json<{ closingAt: string }>();
    expect(Math.round((Date.parse(closed.closingAt) - Date.now()) / 86_400_000)).toBe(30);
    expect((await people().ask(ada, 'GET', inAccount())).json()).toMatchObject({ status: 'closing', ...closed });
    const shut = [403, 'account.closing'];
    expect(outcome(await people().invite(ada, freshEmail()))).toEqual(shut);
    expect(outcome(await people().change(ada, 'PATCH', inAccount(), { name: 'Other' }))).toEqual(shut);
    expect(outcome(await people().ask(grace, 'DELETE', inAccount('/people/me')))).toEqual(shut);
    expect((await people().ask(ada, 'DELETE', inAccount('/closing'))).status).toBe(204);
    expect((await people().ask(ada, 'GET', inAccount())).json()).not.toHaveProperty('closingAt');
    expect((await people().ask(grace, 'DELETE', inAccount('/people/me'))).status).toBe(204);
    expect(outcome(await people().ask(grace, 'GET', inAccount()))).toEqual([404, 'residency.not_found']);
  });

  it('find everything that happened in the log of the account, each once', async () => {
    const told = await people().told(site().ada.account.id);
    const times = (kind: string): number => told.filter((each) => each === kind).length;
    for (const kind of [
      'ownership.transferred',
      'billing.changed',
      'account.closing_asked',
      'account.closing_undone',
      'invitation.declined',
    ])
      expect([kind, times(kind)]).toEqual([kind, 1]);
    expect(times('policy.changed')).toBe(2);
    expect(times('invitation.revoked')).toBe(4);
    // Nothing is told of what was refused.
    expect(times('membership.left') + times('membership.removed')).toBeGreaterThan(0);
    expect(await people().told(sites[code]!.twin.account.id)).toEqual([]);
    // Each line says from where, but for that of who joined nobody: anybody could invite her to learn it.
    const bare = 'select distinct kind from account_event where account_id = $1 and sealed is null';
    expect(await people().sql(bare, [people().uuid(site().ada.account.id)])).toEqual([{ kind: 'invitation.declined' }]);
  });
});

describe('what each role may do in an account', () => {
  const ROLES = ['owner', 'admin', 'billing', 'member'] as const;
  type Role = (typeof ROLES)[number];
  const EVERYONE = ROLES;
  const OWNERS = ['owner'] as const;
  const MANAGERS = ['owner', 'admin'] as const;
  const PAYERS = ['owner', 'billing'] as const;
  const by: Partial<Record<Role, Member>> = {};
  let people: PeopleOf;
  let target: Member;

  beforeAll(async () => {
    ({ people } = sites['us']!);
    for (const role of ROLES) by[role] = await api.member('us');
    target = await api.member('us');
    for (const role of ROLES.slice(1)) await people.join(by.owner!, by[role]!, role);
  });
  const inAccount = (more = ''): string => `/v1/accounts/${by.owner!.account.id}${more}`;
  /** Somebody for it to be done to, in that role whatever was done to her before; it is put there beside the API. */
  async function somebody(role = 'member'): Promise<string> {
    await people.sql(
      `insert into membership (account_id, id, person_id, role) values ($1, $2, $3, $4)
        on conflict (account_id, person_id) do update set role = excluded.role`,
      [by.owner!.account.id, people.madeUp('mbr'), target.person.id, role].map((id) =>
        id === role ? role : people.uuid(id),
      ),
    );
    return inAccount(`/people/${target.person.id}`);
  }
  const BILLING = { legalName: 'Acme', addressLines: ['1 Dorset Street'], country: 'DE', taxId: null };
  const PROVIDER = { issuer: 'https://127.0.0.1', clientId: 'domicile', clientSecret: 'secret' };
  const TOKEN = { name: 'Nightly', scopes: ['account.read'], expiresInDays: 1 };
  const domain = (): object => ({ domain: `${freshName()}.example` });
  type Send = (who: Member) => Promise<Answer>;
  const send =
    (method: string, path: () => string, json?: () => object): Send =>
    (who) =>
      people.ask(who, method, path(), json?.());
  const change =
    (method: string, path: () => string, json: object, read = path): Send =>
    async (who) => {
      const { headers } = await people.ask(by.owner, 'GET', read());
      return people.ask(who, method, path(), json, { 'if-match': headers.etag ?? '"v1"' });
    };
  /** Of something that the owner has made for it. */
  const undo =
    (path: string, made: () => object): Send =>
    async (who) => {
      const { id } = (await people.ask(by.owner, 'POST', inAccount(path), made())).json<{ id: string }>();
      return people.ask(who, 'DELETE', inAccount(`${path}/${id}`));
    };

  /** In an order in which the ones before leave what the ones after are about. */
  const TABLE: readonly (readonly [operation: string, may: readonly Role[], status: number, send: Send])[] = [
    ['GET /v1/accounts/{id}', EVERYONE, 200, send('GET', inAccount)],
    ['PATCH /v1/accounts/{id}', MANAGERS, 200, change('PATCH', inAccount, { name: 'Engines' })],
    ['PUT /v1/accounts/{id}/billing', PAYERS, 200, change('PUT', () => inAccount('/billing'), BILLING, inAccount)],
    ['GET /v1/accounts/{id}/billing', PAYERS, 200, send('GET', () => inAccount('/billing'))],
    ['GET /v1/accounts/{id}/people', EVERYONE, 200, send('GET', () => inAccount('/people'))],
    ['GET /v1/accounts/{id}/people/{personId}', EVERYONE, 200, async (who) => people.ask(who, 'GET', await somebody())],
    [
      'POST /v1/accounts/{id}/invitations',
      MANAGERS,
      201,
      send(
        'POST',
        () => inAccount('/invitations'),
        () => ({ email: freshEmail(), role: 'member' }),
      ),
    ],
    [
      'POST /v1/accounts/{id}/invitations (an owner)',
      OWNERS,
      201,
      send(
        'POST',
        () => inAccount('/invitations'),
        () => ({ email: freshEmail(), role: 'owner' }),
      ),
    ],
    ['GET /v1/accounts/{id}/invitations', MANAGERS, 200, send('GET', () => inAccount('/invitations'))],
    [
      'DELETE /v1/accounts/{id}/invitations/{invitationId}',
      MANAGERS,
      204,
      undo('/invitations', () => ({ email: freshEmail(), role: 'member' })),
    ],
    ...(
      [
        ['PATCH /v1/accounts/{id}/people/{personId} (a member into an admin)', MANAGERS, 'member', 'admin'],
        ['PATCH /v1/accounts/{id}/people/{personId} (an admin into a member)', MANAGERS, 'admin', 'member'],
        ['PATCH /v1/accounts/{id}/people/{personId} (a member into an owner)', OWNERS, 'member', 'owner'],
        ['PATCH /v1/accounts/{id}/people/{personId} (an owner into a member)', OWNERS, 'owner', 'member'],
      ] as const
    ).map(([what, may, from, role]) => {
      const sent: Send = async (who) => {
        const path = await somebody(from);
        return change('PATCH', () => path, { role })(who);
      };
      return [what, may, 200, sent] as const;
    }),
    [
      'DELETE /v1/accounts/{id}/people/{personId}',
      MANAGERS,
      204,
      async (who) => people.ask(who, 'DELETE', await somebody()),
    ],
    [
      'DELETE /v1/accounts/{id}/people/{personId} (an owner)',
      OWNERS,
      204,
      async (who) => people.ask(who, 'DELETE', await somebody('owner')),
    ],
    ['GET /v1/accounts/{id}/policy', EVERYONE, 200, send('GET', () => inAccount('/policy'))],
    [
      'PATCH /v1/accounts/{id}/policy',
      OWNERS,
      200,
      change('PATCH', () => inAccount('/policy'), { sessionIdleMinutes: 60 }),
    ],
    ['POST /v1/accounts/{id}/domains', MANAGERS, 201, send('POST', () => inAccount('/domains'), domain)],
    ['GET /v1/accounts/{id}/domains', MANAGERS, 200, send('GET', () => inAccount('/domains'))],
    ['DELETE /v1/accounts/{id}/domains/{domainId}', MANAGERS, 204, undo('/domains', domain)],
    [
      'POST /v1/accounts/{id}/domains/{domainId}/verification',
      MANAGERS,
      404,
      send('POST', () => inAccount(`/domains/${people.madeUp('dom')}/verification`)),
    ],
    // For who may, it is the provider that is refused, or not there.
    ['PUT /v1/accounts/{id}/provider', OWNERS, 422, change('PUT', () => inAccount('/provider'), PROVIDER, inAccount)],
    ['GET /v1/accounts/{id}/provider', MANAGERS, 404, send('GET', () => inAccount('/provider'))],
    ['POST /v1/accounts/{id}/provider/test', OWNERS, 404, send('POST', () => inAccount('/provider/test'))],
    ['DELETE /v1/accounts/{id}/provider', OWNERS, 404, send('DELETE', () => inAccount('/provider'))],
    [
      'POST /v1/accounts/{id}/tokens',
      MANAGERS,
      201,
      send(
        'POST',
        () => inAccount('/tokens'),
        () => TOKEN,
      ),
    ],
    ['GET /v1/accounts/{id}/tokens', MANAGERS, 200, send('GET', () => inAccount('/tokens'))],
    ['DELETE /v1/accounts/{id}/tokens/{tokenId}', MANAGERS, 204, undo('/tokens', () => TOKEN)],
    ['GET /v1/accounts/{id}/security-log', MANAGERS, 200, send('GET', () => inAccount('/security-log'))],
    ['GET /v1/accounts/{id}/residency', EVERYONE, 200, send('GET', () => inAccount('/residency'))],
    ['POST /v1/accounts/{id}/closing', OWNERS, 200, send('POST', () => inAccount('/closing'))],
    ['DELETE /v1/accounts/{id}/closing', OWNERS, 204, send('DELETE', () => inAccount('/closing'))],
    [
      'POST /v1/accounts/{id}/ownership',
      OWNERS,
      204,
      async (who) => {
        await somebody();
        return people.ask(who, 'POST', inAccount('/ownership'), { personId: target.person.id });
      },
    ],
    // Also who has just handed it over.
    ['DELETE /v1/accounts/{id}/people/me', EVERYONE, 204, send('DELETE', () => inAccount('/people/me'))],
  ];

  it.each(TABLE)('is decided by the role alone: %s by %j', async (_operation, may, status, sent) => {
    // Those first who may not: what they are refused is still there to be done.
    for (const role of [...ROLES].sort((a, b) => Number(may.includes(a)) - Number(may.includes(b)))) {
      const answer = await sent(by[role]!);
      const refused = [role, 403, 'account.right_missing'];
      if (may.includes(role)) expect([role, answer.status]).toEqual([role, status]);
      else expect([role, ...outcome(answer)]).toEqual(refused);
    }
  });

  it('stands here of every operation in an account', async () => {
    const document = (await api.ask('us', '/openapi.json')).json<Document & Record<string, unknown>>();
    const all = Object.keys(operationsOf(document)).filter((name) => name.includes(' /v1/accounts/{id}'));
    expect([...new Set(TABLE.map(([name]) => name.split(' (')[0]))].sort()).toEqual(all.sort());
  });
});

it('an invitation that nobody answered is erased with its way a day after it is over, and a young one stays', async () => {
  const { people, ada } = sites['eu']!;
  await people.sql('delete from invitation; delete from invitation_way');
  const made = await Promise.all([people.invite(ada, freshEmail()), people.invite(ada, freshEmail())]);
  const [old, young] = made.map((answer) => people.uuid(answer.json<{ id: string }>().id)) as [string, string];
  // Ids begin with their milliseconds: one that was made nine days ago.
  const aged = Buffer.from(old.replaceAll('-', ''), 'hex');
  aged.writeUIntBE(Date.now() - 9 * 24 * 60 * 60 * 1000, 0, 6);
  await people.sql('update invitation set id = $2 where id = $1', [old, aged.toString('hex')]);
  await people.sql('update invitation_way set invitation_id = $2 where invitation_id = $1', [
    old,
    aged.toString('hex'),
  ]);
  // What is over is erased by the worker, at its start and every minute.
  await installation.stopWorkers();
  await api.startWorkers();
  const left = async (): Promise<unknown> => {
    const rows = await people.sql('select id from invitation union all select invitation_id from invitation_way');
    return rows.map(({ id }) => id);
  };
  await eventually('the old invitation to be gone', async () => ((await left()) as unknown[]).length === 2);
  expect(await left()).toEqual([young, young]);
});

it('no address that was invited, no code and no name stands in any line that was written', async () => {
  const { written } = installation;
  expect(written).toContain('api.listening');
  // A code is eight digits by themselves: in a time or an id there may be any.
  const digits = new Set(written.match(/(?<!\w)\d{8}(?!\w)/g));
  for (const { ada, grace, people } of Object.values(sites)) {
    expect(people.invited.length).toBeGreaterThan(5);
    for (const { email, id } of people.invited) {
      const local = email.split('@')[0]!;
      const code = await installation.digits(people.code, id);
      expect([email, written.toLowerCase().includes(local.toLowerCase()), digits.has(code)]).toEqual([
        email,
        false,
        false,
      ]);
    }
    const names = [ada.account.name, ada.person.displayName!, 'Söhne', 'Dorset', 'Nightly'];
    for (const word of [ada.person.email, grace.person.email, ada.session.token, ...names])
      expect([people.code, word, new RegExp(`\\b${word}\\b`).test(written)]).toEqual([people.code, word, false]);
  }
});
