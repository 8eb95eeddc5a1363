import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Region } from '@domicile/residency';
import { LivingAddresses, outcome, type Somebody } from '../support/address-life.js';
import { eu, us } from '../support/databases.js';
import { dropSites, type SealedSite, sealedSites } from '../support/sealing.js';

const MAX = 5;
const HOURLY = 20;
let sites: SealedSite[];
let one: LivingAddresses;
/** Another process over the same databases. */
let two: LivingAddresses;

beforeAll(async () => {
  sites = await sealedSites();
  const limits = { signInFailuresInARow: MAX, signInsPerAddressHour: HOURLY };
  [one, two] = await Promise.all([LivingAddresses.open(sites, { limits }), LivingAddresses.open(sites, { limits })]);
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  await dropSites(sites);
});

let network = 0;
/** One try from a network of its own. */
const attempt = (region: Region, email: string, deviceToken?: string, at = one): Promise<string> =>
  outcome(at.within(region, (ctx) => at.life.gate.admit(ctx, { network: `10.0.0.${network++}`, email, deviceToken })));
/** A try that turns out to be right: the token of the device, if it is new. */
const signIn = (region: Region, { id, email }: Somebody, deviceToken?: string): Promise<string | undefined> =>
  one.within(region, async (ctx) => {
    const admitted = await one.life.gate.admit(ctx, { network: `10.0.0.${network++}`, email, deviceToken });
    return (await one.arrived(ctx, id, admitted))?.token;
  });
const times = async (count: number, work: () => Promise<string>): Promise<string[]> => {
  const outcomes: string[] = [];
  for (let i = 0; i < count; i++) outcomes.push(await work());
  return outcomes;
};
const devicesOf = (region: Region, { id }: Somebody) =>
  one.sql(region, 'select id from known_device where person_id = $1', [one.uuid(region, id)]);

describe.each([eu, us])('sign-ins in $code', (region) => {
  it('that fail in a row are bounded, in all processes together, for known and unknown addresses alike', async () => {
    const ada = await one.somebody(region);
    for (const email of [ada.email, one.freshEmail()]) {
      const outcomes = [
        ...(await times(MAX - 2, () => attempt(region, email))),
        ...(await times(4, () => attempt(region, email.toUpperCase(), undefined, two))),
      ];
      expect(outcomes).toEqual([...Array<string>(MAX).fill('done'), 'session.device_needed', 'session.device_needed']);
    }
    expect(await attempt(region === eu ? us : eu, ada.email)).toBe('done');
  });

  it('from a known device pass whatever strangers do, and right ones begin the count anew', async () => {
    const ada = await one.somebody(region);
    const device = await signIn(region, ada);
    expect(device).toMatch(new RegExp(`^dev_${region.code}_`));
    await times(MAX + 3, () => attempt(region, ada.email));
    expect(await attempt(region, ada.email)).toBe('session.device_needed');
    expect(await signIn(region, ada, device)).toBeUndefined();
    expect(await attempt(region, ada.email)).toBe('done');
  });

  it('know a device for its own person in its own region alone', async () => {
    const [ada, bob] = [await one.somebody(region), await one.somebody(region)];
    const [hers, his] = [await signIn(region, ada), await signIn(region, bob)];
    await times(MAX + 1, () => attempt(region, ada.email));
    for (const token of [his, `${hers}x`, hers!.replace(/.$/, (last) => (last === '0' ? '1' : '0')), 'x', ''])
      expect(await attempt(region, ada.email, token)).toBe('session.device_needed');
    expect(await attempt(region, ada.email, hers)).toBe('done');
    expect(await attempt(region === eu ? us : eu, ada.email, hers)).toBe('residency.misdirected');
  });
});

it('tried thirty times at once are counted all the same', async () => {
  const email = one.freshEmail();
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, i) => attempt(eu, email, undefined, i % 2 ? one : two)),
  );
  expect(outcomes.filter((each) => each === 'done').length).toBe(MAX);
});

it('tried by the hundred at once, wherever, are a hundred at most', async () => {
  const limits = { signInFailuresInARow: 100 };
  const both = await Promise.all([LivingAddresses.open(sites, { limits }), LivingAddresses.open(sites, { limits })]);
  const emails = [one.freshEmail(), (await one.somebody(eu)).email];
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, (_, i) => attempt(eu, emails[i % 2]!, undefined, both[i % 4 < 2 ? 0 : 1])),
  );
  for (const known of [0, 1]) expect(outcomes.filter((each, i) => each === 'done' && i % 2 === known).length).toBe(100);
  expect(outcomes.filter((each) => each === 'session.device_needed').length).toBe(100);
  await Promise.all(both.map((each) => each.close()));
});

it('for one address from all networks together are so many an hour, but for a known device', async () => {
  const ada = await one.somebody(eu);
  const device = await signIn(eu, ada);
  // A right one now and then, so that it is not the row that ends them.
  for (let i = 1; i < HOURLY; i++) await signIn(eu, ada);
  expect(await attempt(eu, ada.email)).toBe('request.rate_limited');
  expect(await signIn(eu, ada, device)).toBeUndefined();
});

it('on a known device are counted for it as well: whoever has stolen it guesses no longer than others', async () => {
  const ada = await one.somebody(eu);
  const device = await signIn(eu, ada);
  const outcomes = await times(MAX + 1, () => attempt(eu, ada.email, device));
  expect(outcomes).toEqual([...Array<string>(MAX).fill('done'), 'session.device_needed']);
});

it('make twenty devices known at most, for 400 days at most', async () => {
  const ada = await one.somebody(us);
  const tokens: (string | undefined)[] = [];
  for (let i = 0; i < 22; i++) {
    tokens.push(await signIn(us, ada));
    if (i % 10 === 9) one.clock.forward(61 * 60 * 1000);
  }
  expect((await devicesOf(us, ada)).length).toBe(20);
  one.clock.forward(61 * 60 * 1000);
  await times(MAX + 1, () => attempt(us, ada.email));
  expect(await attempt(us, ada.email, tokens[0])).toBe('session.device_needed');
  expect(await attempt(us, ada.email, tokens[21])).toBe('done');
  one.clock.forward(400 * 24 * 60 * 60 * 1000);
  await times(MAX + 1, () => attempt(us, ada.email));
  expect(await attempt(us, ada.email, tokens[21])).toBe('session.device_needed');
  const [row] = await one.sql(us, 'select secret_hash from known_device limit 1');
  expect((row!['secret_hash'] as Buffer).length).toBe(32);
});

it('pass again after a recovery, with a device of its own', async () => {
  const ada = await one.somebody(eu);
  await times(MAX + 1, () => attempt(eu, ada.email));
  const recovered = await one.within(eu, async (ctx) => {
    const { id } = await one.life.recovery.start(ctx, ada.email);
    const code = one.blindIndex.code(ctx, 'recovery.code', id);
    return one.life.recovery.complete(ctx, id, { code, password: 'entirely another horse staple' });
  });
  expect(await attempt(eu, ada.email)).toBe('done');
  await times(MAX, () => attempt(eu, ada.email));
  expect(await attempt(eu, ada.email)).toBe('session.device_needed');
  expect(await attempt(eu, ada.email, recovered.device.token)).toBe('done');
});

it('that failed a month ago are forgotten', async () => {
  const email = one.freshEmail();
  await times(MAX + 1, () => attempt(eu, email));
  one.clock.forward(30 * 24 * 60 * 60 * 1000);
  expect(await attempt(eu, email)).toBe('done');
});
