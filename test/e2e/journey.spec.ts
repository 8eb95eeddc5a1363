import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT_PROFILE, CREDENTIAL_SECRET, PERSON_PROFILE } from '@domicile/accounts';
import { difference, NOTHING, ONE_ACCOUNT } from '../support/account-rows.js';
import type { Api, Member, PendingSignup } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import { Installation } from '../support/installation.js';
import { digitsOf } from '../support/mail.js';

const REGIONS = ['eu', 'us'] as const;
const OTHER = { eu: 'us', us: 'eu' } as const;
const NAMES = { eu: 'European Union', us: 'United States' } as const;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A text as it stands in a dump: as it is, or as bytes. */
const spellings = (text: string): string[] => [
  text,
  text.toLowerCase(),
  Buffer.from(text).toString('hex'),
  Buffer.from(text.toLowerCase()).toString('hex'),
  Buffer.from(text).toString('base64').replace(/=*$/, '').slice(0, -1),
];

describe.each([
  ['combined', false],
  ['separate', true],
])('in the %s topology', (_topology, separate) => {
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ separate });
    await api.startWorkers();
  });
  afterAll(() => installation.close());

  it('runs as many processes as it should, each with the settings of its own regions', () => {
    expect(api.processes.length).toBe(separate ? 2 : 1);
    if (!separate) return;
    for (const [i, code] of REGIONS.entries()) {
      const names = Object.keys(api.processes[i]!.environment);
      expect(names.filter((name) => name.startsWith(`DOMICILE_${OTHER[code].toUpperCase()}`))).toEqual([]);
      expect(names.filter((name) => name.startsWith(`DOMICILE_${code.toUpperCase()}`)).sort()).toEqual(
        ['DATABASE_URL', 'HOME', 'KEY_DATABASE_URL'].map((name) => `DOMICILE_${code.toUpperCase()}_${name}`),
      );
    }
  });

  describe.each(REGIONS)('a person of region %s', (code) => {
    const other = OTHER[code];
    const email = `Ada.${freshEmail()}`;
    let before: Record<string, Record<string, number>>;
    let signup: PendingSignup;
    let member: Member;

    beforeAll(async () => {
      await Promise.all(REGIONS.map((each) => installation.drained(each)));
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
          codeExpiresAt: expect.stringMatching(TIME),
        },
      });
      signup = answer.json<{ signup: PendingSignup }>().signup;
      const minutes = (text: string): number => Math.ceil((Date.parse(text) - Date.now()) / 60_000);
      expect([minutes(signup.expiresAt), minutes(signup.codeExpiresAt)]).toEqual([24 * 60, 10]);
    });

    it('gets one mail, from that region and in its folder alone', async () => {
      const mail = await installation.mail(code, signup.id);
      expect(mail.mode).toBe(0o600);
      expect(statSync(installation.mailFolder(code)).mode & 0o777).toBe(0o700);
      expect(mail.headers['from']).toBe(`Domicile ${NAMES[code]} <no-reply@${code}.localhost>`);
      expect(mail.headers['to']).toBe(email.toLowerCase());
      expect(mail.headers['subject']).toContain(NAMES[code]);
      expect(mail.headers['message-id']).toMatch(new RegExp(`^<obx_${code}_[0-9a-z]{26}@${code}\\.localhost>$`));
      // The one code that the region's key tells.
      expect(digitsOf(mail)).toBe(await installation.digits(code, signup.id));
      expect(mail.text).toContain(api.origin(code));
      expect(mail.text + mail.html).not.toContain('Söhne');
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
        permissions: expect.arrayContaining(['account.close', 'people.change_owners', 'receipt.read']),
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
    });

    it('stands in clear in no table of either region, nor among the keys', async () => {
      for (const [where, rows] of [
        ['rows', await installation.dump(code)],
        ['keys', await installation.dumpKeys(code)],
        ['rows of the other region', await installation.dump(other)],
        ['keys of the other region', await installation.dumpKeys(other)],
      ] as const)
        for (const clear of [email, 'Ada & Söhne', PASSWORD, '$argon2id$'])
          expect([where, clear, spellings(clear).filter((text) => rows.includes(text))]).toEqual([where, clear, []]);
    });

    it('is sealed under keys of that region, and opens with them to exactly what was typed', async () => {
      const { database, keyStore } = installation.site(code);
      const [row] = await database.sql(
        'superuser',
        `select p.id as "personId", p.sealed as person, a.id as "accountId", a.sealed as account, c.id as "credentialId", c.sealed as credential
          from membership m join person p on p.id = m.person_id join account a on a.id = m.account_id
          join credential c on c.person_id = p.id order by p.id desc limit 1`,
      );
      const { person, account, credential } = row as Record<string, Buffer>;
      const keyOf = (sealed: Buffer): string => sealed.toString('hex', 1, 17);
      expect([person, account, credential].map((sealed) => sealed![0])).toEqual([1, 1, 1]);
      // One key a subject: a person's credential is hers.
      expect(keyOf(credential!)).toBe(keyOf(person!));
      expect(keyOf(account!)).not.toBe(keyOf(person!));
      for (const key of [person, account].map((sealed) => keyOf(sealed!))) {
        const count = 'select count(*)::int from data_key where id = $1::text::uuid';
        expect(await keyStore.sql('superuser', count, [key])).toEqual([{ count: 1 }]);
        expect(await installation.site(other).keyStore.sql('superuser', count, [key])).toEqual([{ count: 0 }]);
      }
      await installation.opening(code, async ({ id, open }) => {
        const [personId, accountId] = [id(row!['personId'], 'pers'), id(row!['accountId'], 'acct')];
        const credentialId = id(row!['credentialId'], 'cred');
        expect([personId, accountId]).toEqual([member.person.id, member.account.id]);
        expect(await open(PERSON_PROFILE, personId, personId, person)).toEqual({
          email,
          displayName: 'Ada',
        });
        expect(await open(ACCOUNT_PROFILE, accountId, accountId, account)).toEqual({ name: 'Ada & Söhne' });
        const { secret } = await open(CREDENTIAL_SECRET, personId, credentialId, credential);
        expect(secret).toMatch(/^\$argon2id\$/);
        // Right key, wrong place.
        await expect(open(PERSON_PROFILE, accountId, personId, person)).rejects.toMatchObject({
          code: 'vault.value_refused',
        });
      });
      await installation.opening(other, async ({ open }) => {
        const id = member.person.id as Parameters<typeof open>[1];
        await expect(open(PERSON_PROFILE, id, id, person)).rejects.toMatchObject({ code: 'residency.crossing' });
      });
    });

    it('leaves neither password, token nor code in a table, and nothing personal in the signup', async () => {
      const rows = await installation.dump(code);
      expect(rows).not.toContain(PASSWORD);
      expect(rows).not.toContain(member.session.token);
      expect(rows).not.toContain(await installation.digits(code, signup.id));
      const [pending] = await installation
        .site(code)
        .database.sql('superuser', 'select * from signup order by created_at desc limit 1');
      expect(pending).toEqual({
        id: expect.any(String),
        sealed: null,
        policy_version: await api.policyVersion(),
        attempts: 0,
        issue: 1,
        code_expires_at: expect.any(Date),
        expires_at: expect.any(Date),
        confirmed_at: expect.any(Date),
        created_at: expect.any(Date),
        version: 2,
      });
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
