import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PERSON_PROFILE } from '@domicile/accounts';
import type { Region } from '@domicile/residency';
import { ADDRESS_CHANGE_CODE, ADDRESS_CHANGED } from '../../libs/accounts/src/address-change/address-change-mail.js';
import type { AddressChangeId } from '../../libs/accounts/src/address-change/address-change.repository.js';
import { RECOVERY_CODE } from '../../libs/accounts/src/recovery/recovery-mail.js';
import { codesOf, LivingAddresses, NEW_PASSWORD, outcome, type Somebody } from '../support/address-life.js';
import { eu, us } from '../support/databases.js';
import { dropSites, type SealedSite, sealedSites } from '../support/sealing.js';

const DAY = 24 * 60 * 60 * 1000;
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

const start = (region: Region, { proven }: Somebody, email: string): Promise<AddressChangeId> =>
  one.within(region, (ctx) => one.life.addressChange.start(ctx, proven, email).then(({ id }) => id));
const digitsOf = async (region: Region, id: AddressChangeId): Promise<string> =>
  codesOf((await one.letter(region, ADDRESS_CHANGE_CODE, id))!).digits!;
const undoOf = async (region: Region, id: AddressChangeId): Promise<string> =>
  codesOf((await one.letter(region, ADDRESS_CHANGED, id))!).link.get('code')!;
const confirm = (region: Region, { proven }: Somebody, id: AddressChangeId, code: string): Promise<string> =>
  outcome(one.within(region, (ctx) => one.life.addressChange.confirm(ctx, proven, id, code)));
const undo = (region: Region, id: AddressChangeId, code: string): Promise<string> =>
  outcome(one.within(region, (ctx) => one.life.addressChange.undo(ctx, id, code)));
/** Asked for and confirmed. */
async function change(region: Region, person: Somebody, email: string): Promise<AddressChangeId> {
  const id = await start(region, person, email);
  expect(await confirm(region, person, id, await digitsOf(region, id))).toBe('done');
  return id;
}
async function signUp(region: Region, email: string): Promise<string> {
  const { id, code } = await one.asked(region, email);
  return outcome(one.within(region, (ctx) => one.signup.confirm(ctx, id, { code, password: NEW_PASSWORD })));
}
const signsIn = async (region: Region, email: string): Promise<boolean> =>
  (await one.passwordOf(region, email)) !== null;
const emailOf = (region: Region, { id }: Somebody): Promise<string> =>
  one.within(region, async (ctx) => {
    const [row] = await one.sql(region, 'select sealed from person where id = $1', [one.uuid(region, id)]);
    const profile = { subject: id, row: id, set: PERSON_PROFILE, sealed: row!['sealed'] as Buffer };
    return (await one.vault.open(ctx, profile)).email;
  });
const countOf = async (region: Region, table: string, { id }: Somebody): Promise<number> =>
  (await one.sql(region, `select 1 from ${table} where person_id = $1`, [one.uuid(region, id)])).length;
const other = (region: Region): Region => (region === eu ? us : eu);
const wrong = (digits: string): string => (digits === '00000000' ? '00000001' : '00000000');

describe.each([eu, us])('a change of address in $code', (region) => {
  it('signs in with the new address at once, and keeps the old one for its person alone', async () => {
    const ada = await one.somebody(region);
    const next = one.freshEmail();
    const id = await start(region, ada, next);
    const letter = await one.letter(region, ADDRESS_CHANGE_CODE, id);
    expect(letter?.to).toBe(next);
    expect([await signsIn(region, next), await signsIn(region, ada.email)]).toEqual([false, true]);
    expect(await confirm(region, ada, id, codesOf(letter!).digits!)).toBe('done');
    expect([await signsIn(region, next), await signsIn(region, ada.email)]).toEqual([true, false]);
    expect(await emailOf(region, ada)).toBe(next);
    expect(await one.letter(region, ADDRESS_CHANGED, id)).toMatchObject({ to: ada.email });
    expect(await one.told(region, ada.id)).toEqual(['session.began', 'address.change_asked', 'address.changed']);
    expect(await signUp(region, ada.email)).toBe('signup.address_taken');
    const bob = await one.somebody(region);
    const his = await start(region, bob, ada.email);
    expect(await confirm(region, bob, his, await digitsOf(region, his))).toBe('address.taken');
    // The other region has addresses of its own.
    expect(await signUp(other(region), ada.email)).toBe('done');
    expect(await confirm(region, ada, id, codesOf(letter!).digits!)).toBe('address.already_confirmed');
  });

  it('is undone by who reads the old mailbox: with password, sessions and devices, and a recovery begins', async () => {
    const ada = await one.somebody(region);
    const next = one.freshEmail();
    const id = await change(region, ada, next);
    const code = await undoOf(region, id);
    expect(
      await undo(
        region,
        id,
        code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      ),
    ).toBe('address.code_wrong');
    expect(await undo(other(region), id, code)).toBe('residency.crossing');
    const asked = await one.within(region, (ctx) => one.life.addressChange.undo(ctx, id, code));
    expect(await emailOf(region, ada)).toBe(ada.email);
    expect(await countOf(region, 'session', ada)).toBe(0);
    expect([await signsIn(region, next), await signsIn(region, ada.email)]).toEqual([false, false]);
    const letter = await one.letter(region, RECOVERY_CODE, asked.recovery.id);
    expect(letter?.to).toBe(ada.email);
    const { digits } = codesOf(letter!);
    const recovered = one.within(region, (ctx) =>
      one.life.recovery.complete(ctx, asked.recovery.id, { code: digits!, password: NEW_PASSWORD }),
    );
    expect(await outcome(recovered)).toBe('done');
    expect(await signsIn(region, ada.email)).toBe(true);
    expect(await undo(region, id, code)).toBe('address.already_undone');
    expect(await signUp(region, next)).toBe('done');
    expect((await one.told(region, ada.id)).slice(3)).toEqual([
      'address.change_undone',
      'recovery.asked',
      'recovery.done',
    ]);
  });

  it('is the person’s own: another one’s is not found, and no code of another change confirms it', async () => {
    const [ada, bob] = [await one.somebody(region), await one.somebody(region)];
    const [hers, his] = [await start(region, ada, one.freshEmail()), await start(region, bob, one.freshEmail())];
    expect(await confirm(region, bob, hers, await digitsOf(region, hers))).toBe('residency.not_found');
    expect(await confirm(region, ada, hers, await digitsOf(region, his))).toBe('address.code_wrong');
    expect(await confirm(other(region), ada, hers, await digitsOf(region, hers))).toBe('residency.crossing');
    expect(await confirm(region, ada, hers, await digitsOf(region, hers))).toBe('done');
  });
});

it('confirmed twenty times at once is made once', async () => {
  const ada = await one.somebody(eu);
  const id = await start(eu, ada, one.freshEmail());
  const digits = await digitsOf(eu, id);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => confirm(eu, ada, id, digits)));
  expect(outcomes.filter((each) => each === 'done').length).toBe(1);
  expect(outcomes).not.toContain('address.taken');
  expect(await countOf(eu, 'person_address', ada)).toBe(2);
  expect((await one.told(eu, ada.id)).filter((kind) => kind === 'address.changed').length).toBe(1);
});

it('of twenty people to the same address is made for one; the others keep theirs', async () => {
  const email = one.freshEmail();
  const people = await Promise.all(Array.from({ length: 20 }, () => one.somebody(eu)));
  const ids = await Promise.all(people.map((person) => start(eu, person, email)));
  const digits = await Promise.all(ids.map((id) => digitsOf(eu, id)));
  const outcomes = await Promise.all(ids.map((id, i) => confirm(eu, people[i]!, id, digits[i]!)));
  expect(outcomes.filter((each) => each === 'done').length).toBe(1);
  expect(new Set(outcomes)).toEqual(new Set(['done', 'address.taken']));
  for (const [i, person] of people.entries()) {
    const isWinner = outcomes[i] === 'done';
    expect([await emailOf(eu, person), await signsIn(eu, person.email)]).toEqual([
      isWinner ? email : person.email,
      !isWinner,
    ]);
  }
});

it('and a signup of the same address at once: one of them has it', async () => {
  for (let round = 0; round < 10; round++) {
    const email = one.freshEmail();
    const ada = await one.somebody(eu);
    const id = await start(eu, ada, email);
    const digits = await digitsOf(eu, id);
    const outcomes = await Promise.all([signUp(eu, email), confirm(eu, ada, id, digits)]);
    expect([
      ['done', 'address.taken'],
      ['signup.address_taken', 'done'],
    ]).toContainEqual(outcomes);
    expect(await one.sql(eu, 'select 1 from person_address where key = $1', [await keyOf(email)])).toHaveLength(1);
  }
});

const keyOf = (email: string): Promise<Buffer> => one.within(eu, (ctx) => Promise.resolve(one.addressKey(ctx, email)));

it('two people who change to each other’s address both keep their own', async () => {
  const [ada, bob] = [await one.somebody(eu), await one.somebody(eu)];
  const [hers, his] = [await start(eu, ada, bob.email), await start(eu, bob, ada.email)];
  const outcomes = await Promise.all([
    confirm(eu, ada, hers, await digitsOf(eu, hers)),
    confirm(eu, bob, his, await digitsOf(eu, his)),
  ]);
  expect(outcomes).toEqual(['address.taken', 'address.taken']);
});

it('undone twenty times at once is undone once', async () => {
  const ada = await one.somebody(eu);
  const id = await change(eu, ada, one.freshEmail());
  const code = await undoOf(eu, id);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => undo(eu, id, code)));
  expect(outcomes.filter((each) => each === 'done').length).toBe(1);
  expect(await one.sql(eu, 'select 1 from recovery where person_id = $1', [one.uuid(eu, ada.id)])).toHaveLength(1);
});

it('undone takes every later one back as well, also those that wait, and leaves earlier ones to be undone', async () => {
  const ada = await one.somebody(eu);
  const [b, c, d] = [one.freshEmail(), one.freshEmail(), one.freshEmail()];
  const first = await change(eu, ada, b);
  one.clock.forward(1000);
  const second = await change(eu, ada, c);
  one.clock.forward(1000);
  const third = await change(eu, ada, d);
  const waiting = await start(eu, ada, one.freshEmail());
  const [digits, undoFirst, undoThird] = [
    await digitsOf(eu, waiting),
    await undoOf(eu, first),
    await undoOf(eu, third),
  ];
  expect(await undo(eu, second, await undoOf(eu, second))).toBe('done');
  expect(await emailOf(eu, ada)).toBe(b);
  expect(await undo(eu, third, undoThird)).toBe('address.already_undone');
  expect(await confirm(eu, ada, waiting, digits)).toBe('address.already_undone');
  expect([await signUp(eu, c), await signUp(eu, d), await signUp(eu, ada.email)]).toEqual([
    'done',
    'done',
    'signup.address_taken',
  ]);
  expect(await undo(eu, first, undoFirst)).toBe('done');
  expect([await emailOf(eu, ada), await signUp(eu, b)]).toEqual([ada.email, 'done']);
  expect(await countOf(eu, 'person_address', ada)).toBe(1);
});

it('back to the old address needs no undo, and to another spelling of it frees nothing', async () => {
  const ada = await one.somebody(eu);
  const next = one.freshEmail();
  await change(eu, ada, next);
  await change(eu, ada, ada.email);
  expect([await signsIn(eu, ada.email), await signsIn(eu, next)]).toEqual([true, false]);
  await change(eu, ada, ada.email.toUpperCase());
  expect([await emailOf(eu, ada), await signsIn(eu, ada.email)]).toEqual([ada.email.toUpperCase(), true]);
});

it('can be undone for seven days, and the old address is free a day after', async () => {
  const ada = await one.somebody(eu);
  const id = await change(eu, ada, one.freshEmail());
  const code = await undoOf(eu, id);
  one.clock.forward(7 * DAY);
  expect(await undo(eu, id, code)).toBe('address.expired');
  const rules: { table: string; keptMilliseconds: number; eraseOver: (...about: never[]) => Promise<number> }[] = [];
  one.life.register({ handle: () => undefined } as never, { add: (rule: never) => void rules.push(rule) } as never);
  const { eraseOver, keptMilliseconds } = rules.find(({ table }) => table === 'address_change')!;
  const look = (): Promise<number> =>
    one.within(eu, (ctx) =>
      eraseOver(...([ctx, new Date(one.clock.now().getTime() - keptMilliseconds), 1000] as never[])),
    );
  await look();
  expect(await signUp(eu, ada.email)).toBe('signup.address_taken');
  one.clock.forward(DAY + 1000);
  expect(await look()).toBeGreaterThan(0);
  expect(await signUp(eu, ada.email)).toBe('done');
});

it('takes ten wrong codes and ten minutes, and says nothing of a taken address until the right one', async () => {
  const [ada, bob] = [await one.somebody(eu), await one.somebody(eu)];
  const id = await start(eu, ada, bob.email);
  const digits = await digitsOf(eu, id);
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => confirm(eu, ada, id, wrong(digits))));
  expect(outcomes.filter((each) => each === 'address.code_wrong').length).toBe(10);
  expect(await confirm(eu, ada, id, digits)).toBe('address.code_exhausted');
  const late = await start(eu, ada, bob.email);
  const lateDigits = await digitsOf(eu, late);
  one.clock.forward(10 * 60 * 1000);
  expect(await confirm(eu, ada, late, lateDigits)).toBe('address.expired');
});

it('beside a recovery and an undo at once leaves one address in use and one password at most', async () => {
  for (let round = 0; round < 5; round++) {
    const ada = await one.somebody(eu);
    const id = await change(eu, ada, one.freshEmail());
    const code = await undoOf(eu, id);
    const later = await start(eu, ada, one.freshEmail());
    const laterDigits = await digitsOf(eu, later);
    const email = await emailOf(eu, ada);
    const { id: recoveryId } = await one.within(eu, (ctx) => one.life.recovery.start(ctx, email));
    const { digits } = codesOf((await one.letter(eu, RECOVERY_CODE, recoveryId))!);
    const outcomes = await Promise.all([
      undo(eu, id, code),
      confirm(eu, ada, later, laterDigits),
      outcome(
        one.within(eu, (ctx) => one.life.recovery.complete(ctx, recoveryId, { code: digits!, password: NEW_PASSWORD })),
      ),
    ]);
    expect(outcomes).toContain('done');
    const inUse = await one.sql(eu, 'select 1 from person_address where person_id = $1 and kept_by is null', [
      one.uuid(eu, ada.id),
    ]);
    expect([outcomes, inUse.length]).toEqual([outcomes, 1]);
    expect(await countOf(eu, 'credential', ada)).toBeLessThanOrEqual(1);
  }
});
