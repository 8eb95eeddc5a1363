import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Region } from '@domicile/residency';
import type { Problem } from '@domicile/runtime';
import { KeyStore } from '@domicile/vault';
import { SIGNUP_CODE } from '../../libs/accounts/src/signup-mail.js';
import type { SignupId } from '../../libs/accounts/src/signup.repository.js';
import { codesOf, LivingAddresses, outcome } from '../support/address-life.js';
import { eu, us } from '../support/databases.js';
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

it('asked for again while its code is being used makes the account once, or wants the new code', async () => {
  for (let round = 0; round < 10; round++) {
    const { id, code } = await one.asked(eu);
    const outcomes = await Promise.all([confirm(eu, id, code), remail(eu, id), confirm(eu, id, code)]);
    expect(outcomes.filter((each, i) => i !== 1 && each === 'done').length).toBeLessThanOrEqual(1);
    if (!outcomes.some((each, i) => i !== 1 && each === 'done'))
      expect(await confirm(eu, id, await mailed(eu, id))).toBe('done');
  }
});
