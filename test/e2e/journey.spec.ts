import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Member, PendingSignup } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import { digitsOf, Installation } from '../support/installation.js';

const REGIONS = ['eu', 'us'] as const;
const OTHER = { eu: 'us', us: 'eu' } as const;
const NAMES = { eu: 'European Union', us: 'United States' } as const;

const NOTHING = {
  acceptance: 0,
  account: 0,
  affiliation: 0,
  credential: 0,
  idempotency: 0,
  membership: 0,
  migration: 0,
  outbox: 0,
  person: 0,
  person_address: 0,
  'residency.marker': 0,
  session: 0,
  signup: 0,
};
const ONE_ACCOUNT = {
  ...NOTHING,
  acceptance: 1,
  account: 1,
  affiliation: 1,
  credential: 1,
  membership: 1,
  person: 1,
  person_address: 1,
  session: 1,
  signup: 1,
};
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function difference(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
}

describe.each([
  ['combined', false],
  ['separate', true],
])('in the %s topology', (_topology, separate) => {
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ separate });
  });
  afterAll(() => installation.close());

  it('runs as many processes as it should, each with the settings of its own regions', () => {
    expect(api.processes.length).toBe(separate ? 2 : 1);
    if (!separate) return;
    for (const [i, code] of REGIONS.entries()) {
      const names = Object.keys(api.processes[i]!.environment);
      expect(names.filter((name) => name.startsWith(`DOMICILE_${OTHER[code].toUpperCase()}`))).toEqual([]);
      expect(names.filter((name) => name.startsWith(`DOMICILE_${code.toUpperCase()}`)).length).toBe(2);
    }
  });

  describe.each(REGIONS)('a person of region %s', (code) => {
    const other = OTHER[code];
    const email = `Ada.${freshEmail()}`;
    let before: Record<string, Record<string, number>>;
    let signup: PendingSignup;
    let member: Member;

    beforeAll(async () => {
      before = { [code]: await installation.counts(code), [other]: await installation.counts(other) };
    });

    it('asks for an account and is told where it will be hosted', async () => {
      const answer = await api.signUp(code, { email, accountName: 'Ada & Söhne', displayName: 'Ada' });
      expect(answer.status).toBe(202);
      expect(answer.headers['x-hosting-region']).toBe(code);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.json()).toEqual({
        signup: {
          id: expect.stringMatching(new RegExp(`^sgn_${code}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)),
          hostingRegion: code,
          expiresAt: expect.stringMatching(TIME),
        },
      });
      signup = answer.json<{ signup: PendingSignup }>().signup;
      const minutes = (Date.parse(signup.expiresAt) - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(29);
      expect(minutes).toBeLessThanOrEqual(30);
    });

    it('gets one mail, from that region and in its folder alone', async () => {
      const mail = await installation.mail(code, signup.id);
      expect(mail.mode).toBe(0o600);
      expect(statSync(installation.mailFolder(code)).mode & 0o777).toBe(0o700);
      expect(mail.headers['from']).toBe(`Domicile ${NAMES[code]} <no-reply@${code}.localhost>`);
      expect(mail.headers['to']).toBe(`<${email.toLowerCase()}>`);
      expect(mail.headers['subject']).toContain(NAMES[code]);
      expect(mail.headers['message-id']).toMatch(new RegExp(`^<obx_${code}_[0-9a-z]{26}@${code}\\.localhost>$`));
      expect(digitsOf(mail)).toMatch(/^\d{8}$/);
      expect(mail.text).toContain(api.origin(code));
      expect(mail.text).not.toContain('Söhne');
      expect(installation.mails(code).filter(({ text }) => text.includes(signup.id)).length).toBe(1);
      expect(installation.mails(other).filter(({ text }) => text.includes(signup.id))).toEqual([]);
    });

    it('confirms with the code and a password, and has an account, a person and a session', async () => {
      const answer = await api.confirm(code, signup.id, await installation.digits(code, signup.id));
      expect(answer.status).toBe(201);
      expect(answer.headers['x-hosting-region']).toBe(code);
      expect(answer.headers['cache-control']).toBe('no-store');
      const id = (prefix: string): unknown => expect.stringMatching(new RegExp(`^${prefix}_${code}_[0-9a-z]{26}$`));
      expect(answer.json()).toEqual({
        account: { id: id('acct'), hostingRegion: code, name: 'Ada & Söhne' },
        person: { id: id('pers'), email, displayName: 'Ada' },
        session: {
          id: id('sess'),
          token: expect.stringMatching(new RegExp(`^sst_${code}_[0-9a-z]{85}$`)),
          expiresAt: expect.stringMatching(TIME),
        },
      });
      member = answer.json<Member>();
    });

    it('reads the account', async () => {
      const answer = await api.ask(code, `/v1/accounts/${member.account.id}`, { token: member.session.token });
      expect(answer.status).toBe(200);
      expect(answer.headers['x-hosting-region']).toBe(code);
      expect(answer.json()).toEqual({
        ...member.account,
        status: 'active',
        role: 'owner',
        createdAt: expect.stringMatching(TIME),
      });
    });

    it('reads who she is', async () => {
      const answer = await api.ask(code, '/v1/me', { token: member.session.token });
      expect(answer.status).toBe(200);
      expect(answer.headers['x-hosting-region']).toBe(code);
      const { id, expiresAt } = member.session;
      expect(answer.json()).toEqual({
        person: member.person,
        accounts: [{ id: member.account.id }],
        session: { id, expiresAt },
      });
    });

    it('is stored in that region alone', async () => {
      await installation.drained(code);
      expect(difference(await installation.counts(code), before[code]!)).toEqual(ONE_ACCOUNT);
      expect(difference(await installation.counts(other), before[other]!)).toEqual(NOTHING);
      expect(await installation.dump(code)).toContain(email);
      expect(await installation.dump(other)).not.toContain(email);
    });

    it('leaves neither password, token nor code in a table, and nothing personal in the signup', async () => {
      const rows = await installation.dump(code);
      expect(rows).not.toContain(PASSWORD);
      expect(rows).not.toContain(member.session.token);
      expect(rows).not.toContain(await installation.digits(code, signup.id));
      const [pending] = await installation
        .site(code)
        .database.sql(
          'superuser',
          'select email, account_name, display_name from signup order by created_at desc limit 1',
        );
      expect(pending).toEqual({ email: null, account_name: null, display_name: null });
    });

    it('brings a session that is worthless in the other region', async () => {
      const token = member.session.token;
      for (const path of ['/v1/me', `/v1/accounts/${member.account.id}`]) {
        const answer = await api.ask(other, path, { token });
        expect([answer.status, answer.code]).toEqual([421, 'residency.misdirected']);
        expect(answer.json()).toMatchObject({ hostingRegion: { code, origin: api.origin(code) } });
        expect(answer.text).not.toContain(email);
      }
      const renamed = token.replace(`sst_${code}_`, `sst_${other}_`);
      expect((await api.ask(other, '/v1/me', { token: renamed })).code).toBe('residency.secret_invalid');
    });

    it('may use the same address in the other region, as another person', async () => {
      const there = await api.member(other, { email });
      expect(there.person.email).toBe(email);
      expect(there.account.id).toMatch(new RegExp(`^acct_${other}_`));
      expect(there.account.hostingRegion).toBe(other);
      const answer = await api.ask(code, '/v1/me', { token: there.session.token });
      expect(answer.status).toBe(421);
      // Here it is taken, which only the owner of the mailbox learns.
      const again = await api.pending(code, { email: email.toUpperCase() });
      const refused = await api.confirm(code, again.id, await installation.digits(code, again.id));
      expect([refused.status, refused.code]).toEqual([409, 'signup.address_taken']);
    });
  });

  it.each(REGIONS)('answers every request at the origin of %s with its region', async (code) => {
    const paths = [
      '/healthz',
      '/readyz',
      '/v1/regions',
      '/v1/policies/current',
      '/openapi.json',
      '/docs',
      '/nowhere',
      '/v1/me',
      '/v1/me?x=1',
    ];
    for (const path of paths) expect((await api.ask(code, path)).headers['x-hosting-region']).toBe(code);
    const staff = await api.ask(code, '/healthz', { headers: { host: `staff.${api.host(code)}` } });
    expect(staff.headers['x-hosting-region']).toBe(code);
    expect(
      (await api.ask(code, '/healthz', { headers: { host: 'localhost' } })).headers['x-hosting-region'],
    ).toBeUndefined();
  });

  it.each(REGIONS)('lists all regions at the origin of %s and says which it serves', async (code) => {
    const { regions } = (await api.ask(code, '/v1/regions')).json<{
      regions: { code: string; served: boolean; origins: unknown }[];
    }>();
    const served = regions.filter((region) => region.served).map((region) => region.code);
    expect(regions.map((region) => region.code)).toEqual(REGIONS);
    expect(served).toEqual(separate ? [code] : REGIONS);
    expect(regions.map(({ origins }) => origins)).toEqual(api.regions.all.map(({ origins }) => origins));
    const { status, regions: states } = (await api.ask(code, '/readyz')).json<{ status: string; regions: object }>();
    expect(status).toBe('ready');
    expect(Object.keys(states)).toEqual(served);
  });
});
