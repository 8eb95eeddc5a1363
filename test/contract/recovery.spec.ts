import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Factor, PresentedFactor } from '@domicile/accounts';
import { SecondFactorCheck } from '@domicile/accounts';
import type { Region } from '@domicile/residency';
import pg from 'pg';
import { RECOVERY_CODE, RECOVERY_DONE } from '../../libs/accounts/src/recovery/recovery-mail.js';
import type { RecoveryId } from '../../libs/accounts/src/recovery/recovery.repository.js';
import { codesOf, LivingAddresses, NEW_PASSWORD, outcome } from '../support/address-life.js';
import { eu, us } from '../support/databases.js';
import { dropSites, type SealedSite, sealedSites } from '../support/sealing.js';

/** Needs what it is told to, and takes `right` once. */
class Factors extends SecondFactorCheck {
  needed: Factor[] = [];
  proved = 0;
  of(): Promise<readonly Factor[]> {
    return Promise.resolve(this.needed);
  }
  prove(_tx: unknown, _person: unknown, { code }: PresentedFactor): Promise<boolean> {
    if (code === 'right') this.proved++;
    return Promise.resolve(code === 'right');
  }
}

const MINUTE = 60 * 1000;
const HASHED = `hashed ${NEW_PASSWORD}`;
const factors = new Factors();
let sites: SealedSite[];
let one: LivingAddresses;

beforeAll(async () => {
  sites = await sealedSites();
  one = await LivingAddresses.open(sites, { secondFactors: factors });
});
afterAll(async () => {
  await one.close();
  await dropSites(sites);
});
afterEach(() => void (factors.needed = []));

const ask = (region: Region, email: string) =>
  one.within(region, (ctx) => one.life.recovery.start(ctx, email).then(({ id }) => id));
const complete = (
  region: Region,
  id: RecoveryId,
  code: string,
  rest: { password?: string; secondFactor?: PresentedFactor } = {},
): Promise<string> =>
  outcome(one.within(region, (ctx) => one.life.recovery.complete(ctx, id, { code, password: NEW_PASSWORD, ...rest })));
const codes = async (region: Region, id: RecoveryId) => {
  const letter = await one.letter(region, RECOVERY_CODE, id);
  return { letter: letter!, ...codesOf(letter!) };
};
const other = (region: Region): Region => (region === eu ? us : eu);
const wrong = (digits: string): string => (digits === '00000000' ? '00000001' : '00000000');

describe.each([eu, us])('a recovery in $code', (region) => {
  it('sets a new password, ends every session and known device, and is told', async () => {
    const ada = await one.somebody(region);
    await one.within(region, (ctx) => one.arrived(ctx, ada.id, { address: ada.email, device: null }));
    const id = await ask(region, ada.email.toUpperCase());
    const { digits, letter } = await codes(region, id);
    expect([letter.to, letter.language]).toEqual([ada.email, 'en']);
    expect(await complete(region, id, digits!)).toBe('done');
    expect(await one.passwordOf(region, ada.email)).toBe(HASHED);
    const rows = (table: string) =>
      one.sql(region, `select id from ${table} where person_id = $1`, [one.uuid(region, ada.id)]);
    // The device that is left is the one that the answer made known.
    expect([(await rows('session')).length, (await rows('known_device')).length]).toEqual([0, 1]);
    expect((await rows('credential')).length).toBe(1);
    expect(await one.told(region, ada.id)).toEqual([
      'session.began',
      'session.began',
      'recovery.asked',
      'recovery.done',
    ]);
    expect((await one.letter(region, RECOVERY_DONE, ada.id))?.to).toBe(ada.email);
    expect(await complete(region, id, digits!)).toBe('recovery.already_completed');
  });

  it('is of no use in the other region, and finds nobody there', async () => {
    const ada = await one.somebody(region);
    const id = await ask(region, ada.email);
    const { digits, link } = await codes(region, id);
    expect(await complete(other(region), id, digits!)).toBe('residency.crossing');
    const there = await ask(other(region), ada.email);
    expect(await one.letter(other(region), RECOVERY_CODE, there)).toBeNull();
    const own = await one.within(other(region), (ctx) =>
      Promise.resolve(one.blindIndex.code(ctx, RECOVERY_CODE, there)),
    );
    // Even its right code, which no mail ever held.
    expect(await complete(other(region), there, own)).toBe('recovery.code_wrong');
    for (const code of [digits!, link.get('code')!])
      expect(await complete(other(region), there, code)).toBe('recovery.code_wrong');
    expect(await one.passwordOf(region, ada.email)).not.toBe(HASHED);
  });

  it('opens nobody else’s: a code is that of its own recovery alone', async () => {
    const [ada, bob] = [await one.somebody(region), await one.somebody(region)];
    const [hers, his] = [await ask(region, ada.email), await ask(region, bob.email)];
    const { digits, link } = await codes(region, his);
    for (const code of [digits!, link.get('code')!])
      expect(await complete(region, hers, code)).toBe('recovery.code_wrong');
    const before = await one.passwordOf(region, bob.email);
    expect(await complete(region, hers, (await codes(region, hers)).digits!)).toBe('done');
    expect(await one.passwordOf(region, bob.email)).toBe(before);
    const unknown = one.ids.mint('rcv', region) as RecoveryId;
    expect(await complete(region, unknown, '12345678')).toBe('residency.not_found');
  });
});

it('completed twenty times at once sets one password', async () => {
  const ada = await one.somebody(eu);
  const id = await ask(eu, ada.email);
  const { digits, link } = await codes(eu, id);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => complete(eu, id, i % 2 ? digits! : link.get('code')!)),
  );
  expect(outcomes.filter((each) => each === 'done').length).toBe(1);
  expect(new Set(outcomes)).toEqual(new Set(['done', 'recovery.already_completed']));
  const credentials = await one.sql(eu, 'select id from credential where person_id = $1', [one.uuid(eu, ada.id)]);
  expect(credentials.length).toBe(1);
});

it('of several at once for one person leave one password, that of one of them', async () => {
  const ada = await one.somebody(eu);
  const ids = await Promise.all(Array.from({ length: 20 }, () => ask(eu, ada.email)));
  const outcomes = await Promise.all(
    ids.map(async (id, i) => complete(eu, id, (await codes(eu, id)).digits!, { password: `${NEW_PASSWORD} ${i}` })),
  );
  expect(new Set(outcomes)).toEqual(new Set(['done']));
  const credentials = await one.sql(eu, 'select id from credential where person_id = $1', [one.uuid(eu, ada.id)]);
  expect(credentials.length).toBe(1);
  expect(await one.passwordOf(eu, ada.email)).toMatch(/^hashed entirely another horse staple \d+$/);
});

it('takes ten wrong codes, however many come at once; the link works all the same', async () => {
  const ada = await one.somebody(eu);
  const id = await ask(eu, ada.email);
  const { digits, link } = await codes(eu, id);
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => complete(eu, id, wrong(digits!))));
  expect(outcomes.filter((each) => each === 'recovery.code_wrong').length).toBe(10);
  expect(await complete(eu, id, digits!)).toBe('recovery.code_exhausted');
  expect(await complete(eu, id, link.get('code')!)).toBe('done');
});

it('takes ten wrong codes of two processes together, alternating and at once', async () => {
  const two = await LivingAddresses.open(sites, { secondFactors: factors });
  try {
    const ada = await one.somebody(eu);
    const at = (process: LivingAddresses, id: RecoveryId, code: string): Promise<string> =>
      outcome(process.within(eu, (ctx) => process.life.recovery.complete(ctx, id, { code, password: NEW_PASSWORD })));
    const guess = (id: RecoveryId, digits: string, i: number): Promise<string> =>
      at(i % 2 ? one : two, id, wrong(digits));
    for (const isAtOnce of [true, false]) {
      const id = await ask(eu, ada.email);
      const { digits } = await codes(eu, id);
      const outcomes: string[] = [];
      if (isAtOnce) outcomes.push(...(await Promise.all(Array.from({ length: 30 }, (_, i) => guess(id, digits!, i)))));
      else for (let i = 0; i < 12; i++) outcomes.push(await guess(id, digits!, i));
      expect(outcomes.filter((each) => each === 'recovery.code_wrong').length).toBe(10);
      for (const process of [one, two]) expect(await at(process, id, digits!)).toBe('recovery.code_exhausted');
    }
  } finally {
    await two.close();
  }
});

it('lives ten minutes', async () => {
  const ada = await one.somebody(eu);
  const id = await ask(eu, ada.email);
  const { digits, link } = await codes(eu, id);
  one.clock.forward(10 * MINUTE);
  for (const code of [digits!, link.get('code')!]) expect(await complete(eu, id, code)).toBe('recovery.expired');
  expect(await one.letter(eu, RECOVERY_CODE, id)).toBeNull();
});

it('never lowers a second factor: the mailbox alone is not enough, and wrong ones are counted', async () => {
  const ada = await one.somebody(eu);
  const id = await ask(eu, ada.email);
  const { digits } = await codes(eu, id);
  const before = await one.passwordOf(eu, ada.email);
  factors.needed = ['totp'];
  expect(await complete(eu, id, digits!)).toBe('recovery.factor_needed');
  const passkey = { kind: 'passkey', code: 'right' } as const;
  expect(await complete(eu, id, digits!, { secondFactor: passkey })).toBe('recovery.factor_needed');
  const totp = (code: string): { secondFactor: PresentedFactor } => ({ secondFactor: { kind: 'totp', code } });
  for (let i = 0; i < 9; i++) expect(await complete(eu, id, digits!, totp('wrong'))).toBe('recovery.factor_wrong');
  expect(await one.passwordOf(eu, ada.email)).toBe(before);
  expect(await complete(eu, id, digits!, totp('right'))).toBe('done');
  expect([factors.proved, await one.passwordOf(eu, ada.email)]).toEqual([1, HASHED]);
});

it('looks at ten second factors and no more, by the link as well and however many come at once', async () => {
  const ada = await one.somebody(eu);
  const id = await ask(eu, ada.email);
  const { link } = await codes(eu, id);
  factors.needed = ['totp'];
  const by = (code: string): Promise<string> =>
    complete(eu, id, link.get('code')!, { secondFactor: { kind: 'totp', code } });
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => by('wrong')));
  expect(outcomes.sort()).toEqual([
    ...Array<string>(20).fill('recovery.code_exhausted'),
    ...Array<string>(10).fill('recovery.factor_wrong'),
  ]);
  const before = factors.proved;
  expect([await by('right'), factors.proved]).toEqual(['recovery.code_exhausted', before]);
});

it('refuses a password that is the person’s own address', async () => {
  const ada = await one.somebody(eu);
  const id = await ask(eu, ada.email);
  const { digits } = await codes(eu, id);
  expect(await complete(eu, id, digits!, { password: ada.email })).toBe('request.invalid');
  expect(await complete(eu, id, digits!)).toBe('done');
});

it('writes in the language that was chosen, with a link whose fragment carries id and code', async () => {
  const ada = await one.somebody(us, undefined, 'de');
  const id = await ask(us, ada.email);
  const { letter, href, link } = await codes(us, id);
  expect([letter.language, letter.subject]).toEqual(['de', 'Ihr neues Passwort für Domicile (United States)']);
  const url = new URL(href);
  expect([url.origin, url.pathname, url.search]).toEqual([us.origins.customer, '/recover', '']);
  expect([link.get('recovery'), link.get('code')?.length]).toEqual([id, 32]);
});

it('takes the same statements for known, unknown and stopped addresses, and those of the other region', async () => {
  const [ada, bob, cleo] = [await one.somebody(eu), await one.somebody(eu), await one.somebody(us)];
  await one.sql(eu, "update person set status = 'suspended' where id = $1", [one.uuid(eu, bob.id)]);
  const ids: RecoveryId[] = [];
  const statements: string[][] = [];
  for (const email of [ada.email, one.freshEmail(), bob.email, cleo.email]) {
    const sent = recorded();
    ids.push(await ask(eu, email));
    statements.push(sent.stop());
  }
  expect(statements[0]!.length).toBeGreaterThan(2);
  for (const each of statements) expect(each).toEqual(statements[0]);
  const answers: string[][] = [];
  for (const id of ids) {
    const sent = recorded();
    expect(await complete(eu, id, '00000000')).toBe('recovery.code_wrong');
    answers.push(sent.stop());
  }
  for (const each of answers) expect(each).toEqual(answers[0]);
  const mailed = await Promise.all(ids.map((id) => one.letter(eu, RECOVERY_CODE, id)));
  expect(mailed.map((letter) => letter?.to ?? null)).toEqual([ada.email, null, null, null]);
});

it('is forgotten a day after it is over', async () => {
  const ada = await one.somebody(eu);
  await ask(eu, ada.email);
  const rules: { table: string; keptMilliseconds: number; eraseOver: (...about: never[]) => Promise<number> }[] = [];
  one.life.register({ handle: () => undefined } as never, { add: (rule: never) => void rules.push(rule) } as never);
  const { eraseOver, keptMilliseconds } = rules.find(({ table }) => table === 'recovery')!;
  expect(keptMilliseconds).toBe(24 * 60 * MINUTE);
  const before = new Date(one.clock.now().getTime() + 11 * MINUTE);
  await one.within(eu, (ctx) => eraseOver(...([ctx, before, 1000] as never[])));
  expect(await one.sql(eu, 'select id from recovery')).toEqual([]);
});

/** Names and texts of what reaches PostgreSQL until it is stopped. */
function recorded(): { stop(): string[] } {
  const sent: string[] = [];
  const real = Reflect.get(pg.Client.prototype, 'query') as (...words: unknown[]) => unknown;
  const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...words: unknown[]
  ) {
    const [first] = words as [string | { name?: string; text?: string }];
    sent.push(typeof first === 'string' ? first : (first.name ?? first.text ?? ''));
    return real.apply(this, words) as never;
  });
  return {
    stop: () => {
      spy.mockRestore();
      return sent;
    },
  };
}
