import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ClaimedItem,
  Letters,
  type Mail,
  MAIL_FAILURES,
  MailError,
  type MailFailure,
  OutboxDrain,
  type OutboxId,
} from '@domicile/messaging';
import type { Region } from '@domicile/residency';
import type { Problem } from '@domicile/runtime';
import { KeyStore } from '@domicile/vault';
import { SIGNUP_CODE } from '../../libs/accounts/src/signup-mail.js';
import type { SignupId } from '../../libs/accounts/src/signup.repository.js';
import { codesOf, LivingAddresses, outcome } from '../support/address-life.js';
import { eu, us } from '../support/databases.js';
import { eventually } from '../support/http.js';
import { dropSites, type SealedSite, sealedSites } from '../support/sealing.js';

const MINUTE = 60 * 1000;
let sites: SealedSite[];
let one: LivingAddresses;

beforeAll(async () => {
  sites = await sealedSites();
  one = await LivingAddresses.open(sites);
});
afterAll(async () => {
  await one.close();
  await dropSites(sites);
});

const mailed = async (region: Region, id: SignupId): Promise<string> =>
  codesOf((await one.letter(region, SIGNUP_CODE, id))!).digits!;
const remail = (region: Region, id: SignupId): Promise<string> =>
  outcome(one.within(region, (ctx) => one.signup.remail(ctx, id)));
const confirm = (region: Region, id: SignupId, code: string): Promise<string> =>
  outcome(one.within(region, (ctx) => one.signup.confirm(ctx, id, { code, password: 'correct horse battery staple' })));

describe.each([eu, us])('the mail of a signup in $code', (region) => {
  it('asked for again brings another code, and the one before is worth nothing', async () => {
    const { id, code } = await one.asked(region);
    expect(await mailed(region, id)).toBe(code);
    expect(await remail(region, id)).toBe('done');
    const second = await mailed(region, id);
    expect(second).not.toBe(code);
    expect(await confirm(region, id, code)).toBe('signup.code_wrong');
    expect(await confirm(region, id, second)).toBe('done');
  });

  it('holds a code of ten minutes, for a signup of a day', async () => {
    const { id, code } = await one.asked(region);
    one.clock.forward(10 * MINUTE);
    expect(await confirm(region, id, code)).toBe('signup.code_expired');
    expect(await confirm(region, id, '00000000')).toBe('signup.code_expired');
    expect(await one.letter(region, SIGNUP_CODE, id)).toBeNull();
    await remail(region, id);
    expect(await confirm(region, id, await mailed(region, id))).toBe('done');
    const late = await one.asked(region);
    one.clock.forward(24 * 60 * MINUTE);
    expect(await remail(region, late.id)).toBe('done');
    expect(await one.letter(region, SIGNUP_CODE, late.id)).toBeNull();
    expect(await confirm(region, late.id, late.code)).toBe('signup.expired');
  });

  it('is not found for no signup of this region', async () => {
    expect(await remail(region, one.ids.mint('sgn', region) as SignupId)).toBe('residency.not_found');
    const { id } = await one.asked(region);
    expect(await remail(region === eu ? us : eu, id)).toBe('residency.crossing');
  });

  it('speaks the language that was chosen, and links to its own region with everything in the fragment', async () => {
    for (const [language, words] of [
      ['en', `Your code for Domicile (${region.name})`],
      ['de', `Ihr Code für Domicile (${region.name})`],
    ] as const) {
      const { id, code } = await one.asked(region, undefined, language);
      const letter = await one.letter(region, SIGNUP_CODE, id);
      expect([letter?.language, letter?.subject]).toEqual([language, words]);
      expect(codesOf(letter!).href).toBe(`${region.origins.customer}/confirm#signup=${id}&code=${code}`);
    }
  });
});

it('is written for many with one question for their keys; what is wrong with one is told of it alone', async () => {
  const asked = await Promise.all(Array.from({ length: 5 }, () => one.asked(eu)));
  const [fine, altered, moved, foreign, also] = asked.map(({ id }) => id) as [
    SignupId,
    SignupId,
    SignupId,
    SignupId,
    SignupId,
  ];
  const flip = (id: SignupId, byte: number): Promise<unknown> =>
    one.sql(eu, 'update signup set sealed = set_byte(sealed, $2, get_byte(sealed, $2) # 1) where id = $1', [
      one.uuid(eu, id),
      byte,
    ]);
  await flip(altered, 40);
  // Its format is one that nobody knows: no key can be asked for.
  await flip(foreign, 0);
  await one.sql(eu, 'update signup set sealed = (select sealed from signup where id = $2) where id = $1', [
    one.uuid(eu, moved),
    one.uuid(eu, fine),
  ]);
  const gone = one.ids.mint('sgn', eu) as SignupId;
  const other = await LivingAddresses.open(sites);
  const [each, all] = [jest.spyOn(KeyStore.prototype, 'find'), jest.spyOn(KeyStore.prototype, 'findAll')];
  try {
    const written = await other.signupLetters(eu, [fine, altered, gone, moved, foreign, also]);
    expect(written.map((one) => (one.status === 'rejected' ? (one.reason as Problem).code : one.value?.to))).toEqual([
      asked[0]!.email,
      'vault.value_refused',
      undefined,
      'vault.value_refused',
      'vault.value_refused',
      asked[4]!.email,
    ]);
    expect([each.mock.calls.length, all.mock.calls.length]).toEqual([0, 1]);
  } finally {
    jest.restoreAllMocks();
    await other.close();
  }
});

it('asked for again twenty times at once leaves one code that counts; ten wrong ones end the signup, whatever is mailed', async () => {
  const { id, code } = await one.asked(eu);
  await Promise.all(Array.from({ length: 20 }, () => remail(eu, id)));
  const last = await mailed(eu, id);
  const wrong = [code, '00000000'].find((each) => each !== last)!;
  const outcomes = await Promise.all(Array.from({ length: 15 }, () => confirm(eu, id, wrong)));
  expect(outcomes.filter((each) => each === 'signup.code_wrong').length).toBe(10);
  expect(await remail(eu, id)).toBe('done');
  expect(await mailed(eu, id)).toBe(last);
  expect(await confirm(eu, id, last)).toBe('signup.code_exhausted');
});

it('holds a code that takes ten wrong ones of two processes together, alternating and at once', async () => {
  const two = await LivingAddresses.open(sites);
  try {
    const at = (process: LivingAddresses, id: SignupId, code: string): Promise<string> =>
      outcome(
        process.within(eu, (ctx) =>
          process.signup.confirm(ctx, id, { code, password: 'correct horse battery staple' }),
        ),
      );
    for (const isAtOnce of [true, false]) {
      const { id, code } = await one.asked(eu);
      const wrong = code === '00000000' ? '00000001' : '00000000';
      const guess = (i: number): Promise<string> => at(i % 2 ? one : two, id, wrong);
      const outcomes: string[] = [];
      if (isAtOnce) outcomes.push(...(await Promise.all(Array.from({ length: 30 }, (_, i) => guess(i)))));
      else for (let i = 0; i < 12; i++) outcomes.push(await guess(i));
      expect(outcomes.filter((each) => each === 'signup.code_wrong').length).toBe(10);
      for (const process of [one, two]) expect(await at(process, id, code)).toBe('signup.code_exhausted');
    }
  } finally {
    await two.close();
  }
});

it('asked for again while its code is being used makes the account once, or wants the new code', async () => {
  for (let round = 0; round < 10; round++) {
    const { id, code } = await one.asked(eu);
    const outcomes = await Promise.all([confirm(eu, id, code), remail(eu, id), confirm(eu, id, code)]);
    expect(outcomes.filter((each, i) => i !== 1 && each === 'done').length).toBeLessThanOrEqual(1);
    if (!outcomes.some((each, i) => i !== 1 && each === 'done'))
      expect(await confirm(eu, id, await mailed(eu, id))).toBe('done');
  }
});

it.each([
  [60, -60],
  [-60, 60],
])(
  'asked for where the clock is %i s off is confirmed where it is %i s off, for ten minutes by the clock there',
  async (asking, confirming) => {
    // The database has a third clock, which decides nothing here.
    const real = Date.now();
    const before = one.clock.now();
    const at = (off: number, later = 0): void => void (one.clock.at = new Date(real + off * 1000 + later));
    const apart = (asking - confirming) * 1000;
    try {
      for (const [later, result] of [
        [0, 'done'],
        [10 * MINUTE + apart - 1, 'done'],
        [10 * MINUTE + apart, 'signup.code_expired'],
      ] as const) {
        at(asking);
        const { id } = await one.asked(eu);
        const code = await mailed(eu, id);
        at(confirming, later);
        expect([later, (await one.letter(eu, SIGNUP_CODE, id)) !== null]).toEqual([later, result === 'done']);
        expect([later, await confirm(eu, id, code)]).toEqual([later, result]);
      }
    } finally {
      one.clock.at = before;
    }
  },
);

describe('what waits in the outbox', () => {
  /** A day of trying: see ATTEMPTS_MAX. */
  const ATTEMPTS = 153;
  const DAY_SECONDS = 86_223;
  const LEASE_SECONDS = 35;

  beforeEach(() => Promise.all([eu, us].map((region) => one.sql(region, 'truncate outbox'))));

  const claim = (region: Region): Promise<readonly ClaimedItem[]> =>
    one.within(region, async (ctx) => (await one.outbox.claim(ctx, 50)).items);
  const putOff = (region: Region, id: OutboxId, isPermanent = false): Promise<boolean> =>
    one.within(region, (ctx) => one.outbox.putOff(ctx, id, 'mail.deferred', isPermanent));
  const state = (region: Region) => one.within(region, (ctx) => one.inspection.state(ctx));
  const revive = (region: Region, ...ids: OutboxId[]): Promise<number> =>
    one.within(region, (ctx) => one.inspection.revive(ctx, ids));
  /** As though that time had come. @returns when it was due, and now, both in seconds */
  async function due(region: Region): Promise<{ due: number; now: number }> {
    const [row] = await one.sql(
      region,
      `with before as (select id, due_at from outbox)
        update outbox set due_at = now() from before where before.id = outbox.id
        returning extract(epoch from before.due_at) as due, extract(epoch from now()) as now`,
    );
    return { due: Number(row!['due']), now: Number(row!['now']) };
  }

  it('is its claimer’s alone for as long as a lease lasts, and comes again when nobody notes what became of it', async () => {
    const { id } = await one.asked(eu);
    const before = (await due(eu)).now;
    const [item, ...more] = await claim(eu);
    expect([item?.subjectId, item?.attempts, more]).toEqual([id, 1, []]);
    expect(await claim(eu)).toEqual([]);
    const lease = await due(eu);
    expect(lease.due - LEASE_SECONDS).toBeGreaterThanOrEqual(before);
    expect(lease.due - LEASE_SECONDS).toBeLessThanOrEqual(lease.now);
    expect(await claim(eu)).toEqual([{ ...item, attempts: 2 }]);
  });

  it('waits twice as long after each failure, ten minutes at most, for a day, and is dead then and seen to be', async () => {
    await one.asked(us);
    const { id } = await one.asked(eu);
    let { now } = await due(eu);
    let waited = 0;
    let item: ClaimedItem | undefined;
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
      [item] = await claim(eu);
      expect([item?.subjectId, item?.attempts]).toEqual([id, attempt]);
      expect(await putOff(eu, item!.id)).toBe(false);
      const next = await due(eu);
      const wait = Math.min(600, 2 ** (attempt - 1));
      expect([attempt, next.due - wait >= now, next.due - wait <= next.now]).toEqual([attempt, true, true]);
      ({ now } = next);
      waited += wait;
    }
    expect(waited).toBe(DAY_SECONDS);
    expect(await state(eu)).toMatchObject({ waiting: 1, failing: 1, dead: 0, deadItems: [] });
    expect((await claim(eu))[0]?.attempts).toBe(ATTEMPTS);
    expect(await putOff(eu, item!.id)).toBe(true);
    // It is claimed no more, whenever; a late note of somebody else changes nothing.
    expect(await one.sql(eu, 'select due_at::text, dead_at is not null as dead from outbox')).toEqual([
      { due_at: 'infinity', dead: true },
    ]);
    expect([await claim(eu), await putOff(eu, item!.id)]).toEqual([[], false]);
    const dead = { id: item!.id, kind: SIGNUP_CODE, code: 'mail.deferred' };
    expect(await state(eu)).toEqual({ waiting: 0, failing: 0, dead: 1, oldestSeconds: null, deadItems: [dead] });
    expect(await state(us)).toMatchObject({ waiting: 1, failing: 0, dead: 0, deadItems: [] });
    // Revived it has all its attempts before it, and revived again nothing of it changes.
    expect([await revive(us, item!.id).catch(({ code }: Problem) => code), await revive(eu, item!.id)]).toEqual([
      'residency.crossing',
      1,
    ]);
    expect(await revive(eu)).toBe(0);
    expect(await claim(eu)).toEqual([{ ...item, attempts: 1 }]);
  });

  it('is dead at the first failure that cannot be helped', async () => {
    await one.asked(eu);
    const [item] = await claim(eu);
    expect(await putOff(eu, item!.id, true)).toBe(true);
    expect(await state(eu)).toMatchObject({ waiting: 0, dead: 1, deadItems: [{ id: item!.id }] });
  });

  it('is neither lost nor doubled by a relay that is away for a day: given up, told by id, revived and mailed once', async () => {
    const letters = new Letters();
    letters.handleTogether(SIGNUP_CODE, (ctx, items) => one.signupMail.composeAll(ctx, items));
    const [sent, tried, events]: [Mail[], Mail[], { name: string; item?: unknown; code?: unknown }[]] = [[], [], []];
    let mood: MailFailure | undefined = MAIL_FAILURES.away;
    const drain = new OutboxDrain(
      one.contexts,
      one.outbox,
      letters,
      {
        send: async (_region, mail) => {
          tried.push(mail);
          if (mood) throw new MailError(mood);
          sent.push(mail);
        },
        close: () => undefined,
      },
      { event: (name, fields) => void events.push({ name, ...fields }), dropped: 0 },
    );
    const asked = await Promise.all(Array.from({ length: 8 }, () => one.asked(eu)));
    const emails = asked.map(({ email }) => email).sort();
    // The last one is of somebody who died of it each time, and could note nothing.
    const attempts = `update outbox set due_at = now(),
      attempts = case when subject_id = $1 then ${ATTEMPTS} else ${ATTEMPTS - 2} end`;
    await one.sql(eu, attempts, [one.uuid(eu, asked[7]!.id)]);
    drain.onApplicationBootstrap();
    const until = (what: string, dead: number, failing: number): Promise<unknown> =>
      eventually(what, async () => {
        const at = await state(eu);
        return at.dead === dead && at.failing === failing;
      });
    await until('the last but one attempt', 1, 7);
    await one.sql(eu, 'update outbox set due_at = now() where dead_at is null');
    await until('the last attempt', 8, 0);
    expect([sent, tried.length]).toEqual([[], 2 * 7]);
    const dead = events.filter(({ name }) => name === 'mail.dead');
    expect(dead.map(({ code }) => code).sort()).toEqual([
      ...Array<string>(7).fill('mail.relay_away'),
      'outbox.given_up',
    ]);
    const { deadItems } = await state(eu);
    expect(dead.map(({ item }) => item).sort()).toEqual(deadItems.map(({ id }) => id).sort());
    for (const email of emails) expect(JSON.stringify([events, deadItems])).not.toContain(email);
    mood = undefined;
    expect(await revive(eu)).toBe(8);
    await eventually('all mails', async () => (await state(eu)).waiting === 0);
    await drain.beforeApplicationShutdown();
    expect(sent.map(({ to }) => to).sort()).toEqual(emails);
    // Three tries of one mail are one mail to who receives them.
    expect(new Set(tried.map(({ messageId }) => messageId)).size).toBe(8);
  });
});
