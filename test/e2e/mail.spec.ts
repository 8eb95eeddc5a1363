import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { NOTICED_EVENTS } from '../../libs/accounts/src/security-log/events.js';
import { codeOf, fromBase32, stepAt } from '../../libs/accounts/src/totp/time-code.js';
import type { Api, ApiProcess, Member } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import { Authenticator } from '../support/authenticator.js';
import { STACK } from '../support/databases.js';
import { eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import type { TestRelay } from '../support/mail.js';
import { PeopleOf } from '../support/people.js';
import { connectionsOf, type Ended, Started } from '../support/started.js';

const PARALLEL_MAX = 5;

/** Mail in stacks: a worker a region, each with its own relay. */
describe('mail', () => {
  let installation: Installation;
  let api: Api;
  let workers: readonly ApiProcess[];
  let relay: TestRelay;
  /** How the relay of EU behaves. */
  const mood = { refuses: '', milliseconds: 0, underWay: 0, most: 0 };

  beforeAll(async () => {
    installation = await Installation.create();
    relay = await installation.relay('eu', {
      onRcptTo: ({ address }, _session, callback) => {
        const isRefused = mood.refuses !== '' && address.startsWith(mood.refuses);
        callback(isRefused ? Object.assign(new Error(`No ${address}`), { responseCode: 550 }) : null);
      },
      onMailFrom: (_address, _session, callback) => {
        mood.most = Math.max(mood.most, ++mood.underWay);
        setTimeout(() => {
          mood.underWay--;
          callback();
        }, mood.milliseconds);
      },
    });
    api = await installation.start({ separate: true });
    workers = await api.startWorkers();
  });
  afterAll(() => installation.close());

  const worker = (code: string): ApiProcess =>
    workers.find((each) => each.isRunning && each.environment['DOMICILE_SERVES'] === code)!;
  /** A worker in place of that of EU, which has ended. */
  async function another(): Promise<void> {
    const { environment, kind } = workers.find((each) => each.environment['DOMICILE_SERVES'] === 'eu')!;
    const started = installation.spawn(environment, kind);
    workers = [...workers, started];
    await started.listening();
  }
  const mailed = (code: string, address: string): boolean =>
    installation.mails(code).some(({ headers }) => headers['to'] === address);
  async function signUp(email: string, code = 'eu'): Promise<string> {
    await api.pending(code, { email });
    return email;
  }

  it('of a region goes through the relay of that region alone, from a process that knows no other (leak row 39)', async () => {
    const emails: Record<string, string> = {};
    for (const code of installation.codes) emails[code] = await signUp(freshEmail(), code);
    for (const code of installation.codes) {
      await eventually('the mail', () => mailed(code, emails[code]!));
      const other = installation.codes.find((each) => each !== code)!;
      expect(mailed(other, emails[code]!)).toBe(false);
      const { environment, pid } = worker(code);
      expect(Object.keys(environment).filter((name) => name.includes(`_${other.toUpperCase()}_`))).toEqual([]);
      const { database, keyStore } = installation.site(code);
      const own = [database, keyStore].map(({ appUrl }) => Number(new URL(appUrl).port));
      const allowed = [...own, (await installation.relay(code)).port];
      expect(connectionsOf(pid, 0).filter((port) => !allowed.includes(port))).toEqual([]);
      expect(worker(code).events('egress.refused')).toEqual([]);
    }
    // Nor does the API know how to reach any relay.
    for (const { environment } of api.processes)
      expect(Object.keys(environment).filter((name) => name.includes('SMTP'))).toEqual([]);
  });

  describe('about what somebody has to know of her own security', () => {
    /** What each says, and no other; 'password' is a letter of its own. */
    const SAYS: Readonly<Record<(typeof NOTICED_EVENTS)[number] | 'password', RegExp>> = {
      'passkey.added': /A passkey was added/,
      'passkey.removed': /A passkey was removed/,
      'passkey.suspect': /used in a way that a copy of it would be used/,
      'totp.added': /An authenticator app was added/,
      'totp.removed': /An authenticator app was removed/,
      'recovery_codes.made': /New recovery codes were made/,
      'recovery_code.used': /One of your recovery codes was used/,
      'account.token_made': /An API token was made/,
      'account.ownership_changed': /The ownership of an account .* was handed over/,
      'provider.linked': /signed in with the provider of an account .* for the first time/,
      'account.provider_changed': /The provider that people sign in with.* was changed or removed/,
      'account.domain_missing': /The DNS record that verifies a mail domain .* was not found/,
      'account.domain_lapsed': /A mail domain of an account .* is no longer verified, as its DNS record was gone/,
      password: /Your password was changed, and all your other sessions were ended/,
    };
    /** Of what somebody outside would have to do; what begins them is in provider.spec.ts. */
    const BESIDE = ['provider.linked', 'account.provider_changed', 'account.domain_missing', 'account.domain_lapsed'];

    /** Does all that is mailed about: the first session stays. */
    async function livesThrough(ada: Member, heir: Member): Promise<void> {
      const people = new PeopleOf(api, 'eu');
      const ask = async (status: number, method: string, path: string, json?: unknown, by: string = token) => {
        const answer = await people.ask(by, method, path, json);
        expect([path, answer.status]).toEqual([path, status]);
        return answer;
      };
      const { token } = ada.session;
      const phone = new Authenticator(api.origin('eu'));
      const creation = (await ask(200, 'POST', '/v1/me/passkey-options')).json<Parameters<typeof phone.create>[0]>();
      await ask(201, 'POST', '/v1/me/passkeys', { passkey: phone.create(creation) });
      const passkeySignIn = async (): Promise<number> => {
        const asked = await api.ask('eu', '/v1/sign-ins/passkey/options', { method: 'POST' });
        const passkey = phone.get(asked.json<Parameters<typeof phone.get>[0]>());
        return (await api.ask('eu', '/v1/sign-ins/passkey', { json: { passkey } })).status;
      };
      expect(await passkeySignIn()).toBe(201);
      phone.rewind();
      expect(await passkeySignIn()).toBe(401);
      const { secret } = (await ask(201, 'POST', '/v1/me/totp')).json<{ secret: string }>();
      await ask(204, 'POST', '/v1/me/totp/confirmation', { code: codeOf(fromBase32(secret), stepAt(new Date())) });
      const { codes } = (await ask(201, 'POST', '/v1/me/recovery-codes')).json<{ codes: string[] }>();
      const begun = (await api.signIn('eu', ada.person.email)).json<{ signIn: { id: string; token: string } }>().signIn;
      await ask(201, 'POST', `/v1/sign-ins/${begun.id}/recovery-code`, { code: codes[0] }, begun.token);
      await ask(204, 'DELETE', '/v1/me/totp');
      const { passkeys } = (await ask(200, 'GET', '/v1/me/factors')).json<{ passkeys: { id: string }[] }>();
      await ask(204, 'DELETE', `/v1/me/passkeys/${passkeys[0]!.id}`);
      await ask(204, 'PUT', '/v1/me/password', { password: `${PASSWORD} again` });
      const account = `/v1/accounts/${ada.account.id}`;
      await ask(201, 'POST', `${account}/tokens`, { name: 'Nightly', scopes: ['account.read'], expiresInDays: 1 });
      await people.join(ada, heir);
      await ask(204, 'POST', `${account}/ownership`, { personId: heir.person.id });
    }

    /** The line of a kind, as what brings it about writes it, and what asks for its mail. */
    async function toldBeside(ada: Member, kind: string): Promise<void> {
      const ids = new IdCodec(api.regions);
      const uuid = (id: string): string => ids.encode(id, id.split('_')[0]!, api.regions.get('eu'));
      const [event, item] = ['pevt', 'obx'].map((prefix) => uuid(ids.mint(prefix, api.regions.get('eu'))));
      const { sql } = installation.site('eu').database;
      const copied = await sql(
        'superuser',
        `insert into person_event select (jsonb_populate_record(e, jsonb_build_object('id', $1::text, 'kind', $2::text, 'sealed', null))).*
          from person_event e where person_id = $3 limit 1 returning id`,
        [event, kind, uuid(ada.person.id)],
      );
      expect(copied).toHaveLength(1);
      await sql(
        'superuser',
        "insert into outbox (id, kind, subject_kind, subject_id) values ($1, 'security.notice', 'pevt', $2)",
        [item, event],
      );
    }

    it('is mailed to her for every kind of it, once, and to nobody else', async () => {
      const [ada, heir] = [await api.member('eu'), await api.member('eu')];
      expect([...NOTICED_EVENTS, 'password'].sort()).toEqual(Object.keys(SAYS).sort());
      const wordsOf = (email: string, code = 'eu'): string[] =>
        installation
          .mails(code)
          .filter(({ headers }) => headers['to'] === email && !headers['subject']!.includes('code'))
          .map(({ text }) => text.replaceAll('=\r\n', '').replaceAll(/\s+/g, ' '));
      await livesThrough(ada, heir);
      for (const kind of BESIDE) await toldBeside(ada, kind);
      await installation.drained('eu');
      const mails = wordsOf(ada.person.email);
      for (const [kind, says] of Object.entries(SAYS)) {
        const about = mails.filter((text) => says.test(text));
        expect([kind, about.length]).toEqual([kind, 1]);
        if (kind !== 'password') expect(about[0]).toMatch(/It was at 20\d\d-\d\d-\d\d \d\d:\d\d UTC/);
        expect(about[0]).not.toContain(ada.person.email.split('@')[0]);
        expect(about[0]).not.toContain(ada.account.name);
      }
      expect(installation.mails('us').filter(({ headers }) => headers['to'] === ada.person.email)).toEqual([]);
      expect(wordsOf(heir.person.email).filter((text) => Object.values(SAYS).some((says) => says.test(text)))).toEqual(
        [],
      );
    });
  });

  it.each([
    ['a relay', 'DOMICILE_EU_SMTP_URL', 'smtp://127.0.0.1:25', /only the worker may hold/],
    ['the relay of another region', 'DOMICILE_US_SMTP_URL', 'smtp://127.0.0.1:25', /does not serve/],
  ])('is no business of an API that is given %s: it does not start', async (_what, name, url, words) => {
    const refused = installation.spawn({ ...api.processes[0]!.environment, [name]: url });
    expect((await refused.ended).code).toBe(1);
    expect(refused.errors).toMatch(words);
  });

  it('is not begun by a worker without a relay, or with one that would be spoken to in clear', async () => {
    const { DOMICILE_EU_SMTP_URL: url, ...without } = worker('eu').environment;
    expect(url).toMatch(/^smtp:/);
    for (const [environment, words] of [
      [without, /DOMICILE_EU_SMTP_URL and DOMICILE_EU_SMTP_URL_FILE are both missing/],
      [{ ...without, DOMICILE_EU_SMTP_URL: 'smtp://user:s3cret@127.0.0.1:25' }, /password in clear/],
      [{ ...without, DOMICILE_EU_SMTP_URL: 'http://127.0.0.1' }, /not the address of a mail relay/],
    ] as const) {
      const refused = installation.spawn(environment, worker('eu').kind);
      expect((await refused.ended).code).toBe(1);
      expect(refused.errors).toMatch(words);
      expect(refused.errors + refused.output).not.toContain('s3cret');
    }
  });

  /** As an operator of that region. */
  function domicile(...words: string[]): Promise<Ended> {
    const { database, keyStore } = installation.site('eu');
    return Started.command(words, {
      DOMICILE_HOME: installation.folder,
      DOMICILE_STACK: STACK.stack,
      DOMICILE_ENVIRONMENT: STACK.environment,
      DOMICILE_REGIONS_FILE: installation.regionsFile,
      DOMICILE_EU_DATABASE_URL: database.appUrl,
      DOMICILE_EU_KEY_DATABASE_URL: keyStore.appUrl,
    }).ended;
  }

  it('that one address refuses for good is dead and told by its id, holds up no other, and can be revived', async () => {
    await installation.drained('eu');
    mood.refuses = 'refused-';
    const bad = await signUp(`refused-${freshEmail()}`);
    const good = await Promise.all(Array.from({ length: 10 }, () => signUp(freshEmail())));
    await eventually('the others', () => good.every((email) => mailed('eu', email)));
    const [told] = await eventually('a dead letter', () => {
      const found = worker('eu').events('mail.dead');
      return found.length > 0 ? found : undefined;
    });
    expect(told).toMatchObject({
      level: 'error',
      region: 'eu',
      code: 'mail.refused',
      item: expect.stringMatching(/^obx_eu_/),
    });
    expect(worker('eu').output).not.toContain('refused-');
    const { sql } = installation.site('eu').database;
    const rows = await sql('superuser', 'select attempts, last_code, dead_at is not null as dead from outbox');
    expect(rows).toEqual([{ attempts: 1, last_code: 'mail.refused', dead: true }]);

    const item = String(told!['item']);
    expect(await domicile('mail', 'status', '--region', 'eu')).toEqual({
      how: 1,
      errors: '',
      output: `eu: 0 waiting (0 of them failed before), 1 dead\neu:   ${item} signup.code mail.refused\n`,
    });
    mood.refuses = '';
    // An id of another region is refused before anything is asked.
    const elsewhere = await domicile('mail', 'retry', '--region', 'eu', item.replace('_eu_', '_us_'));
    expect([elsewhere.how, elsewhere.output]).toEqual([1, '']);
    expect(await domicile('mail', 'retry', '--region', 'eu', item)).toMatchObject({
      how: 0,
      output: 'eu: 1 will be tried again.\n',
    });
    await eventually('the revived mail', () => mailed('eu', bad));
    await installation.drained('eu');
    expect((await domicile('mail', 'status', '--region', 'eu')).how).toBe(0);
  });

  it(`to a slow relay is under way ${PARALLEL_MAX} times at once and no more, and in the other region not slowed down`, async () => {
    Object.assign(mood, { milliseconds: 400, most: 0 });
    const slow = await Promise.all(Array.from({ length: 12 }, () => signUp(freshEmail())));
    const began = performance.now();
    const other = await signUp(freshEmail(), 'us');
    await eventually('the mail of the other region', () => mailed('us', other));
    expect(performance.now() - began).toBeLessThan(2_000);
    await eventually('all of them', () => slow.every((email) => mailed('eu', email)));
    expect(mood.most).toBe(PARALLEL_MAX);
    mood.milliseconds = 0;
    await installation.drained('eu');
  });

  it('that finds no lane for seconds is given back untried, and waits for no lease to end', async () => {
    mood.milliseconds = 5_500;
    const slow = await Promise.all(Array.from({ length: 12 }, () => signUp(freshEmail())));
    const { database } = installation.site('eu');
    let most = 0;
    await eventually(
      'all of them',
      async () => {
        const [row] = await database.sql('superuser', 'select max(attempts) as tries from outbox');
        most = Math.max(most, Number(row!['tries']));
        return slow.every((email) => mailed('eu', email));
      },
      30_000,
    );
    expect(most).toBe(1);
    mood.milliseconds = 0;
    await installation.drained('eu');
  });

  it('is neither lost nor doubled but for what was under way when its worker is killed in the middle of 200', async () => {
    await worker('eu').stop();
    const emails: string[] = [];
    for (let i = 0; i < 10; i++)
      emails.push(...(await Promise.all(Array.from({ length: 20 }, () => signUp(freshEmail())))));
    const before = relay.received.length;
    const arrived = (): readonly string[] => relay.received.slice(before);
    await another();
    await eventually('the first of them', () => arrived().length >= 40);
    await worker('eu').stop();
    expect(arrived().length).toBeLessThan(200);
    // As though the leases of the killed one had run out.
    await installation.site('eu').database.sql('superuser', 'update outbox set due_at = now()');
    await another();
    await eventually('all of them', () => new Set(arrived()).size === emails.length, 30_000);
    await installation.drained('eu');
    const recipients = new Set(installation.mails('eu').map(({ headers }) => headers['to']));
    expect(emails.filter((email) => !recipients.has(email))).toEqual([]);
    expect(arrived().length - 200).toBeLessThanOrEqual(PARALLEL_MAX);
  });
});
