import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, ApiProcess } from '../support/api.js';
import { freshEmail } from '../support/api.js';
import { STACK } from '../support/databases.js';
import { eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import type { TestRelay } from '../support/mail.js';
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
