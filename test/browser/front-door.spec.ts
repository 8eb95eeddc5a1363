import { describe, expect, it } from '@jest/globals';
import { BUDGETS } from './support/speed.js';
import { stage } from './support/stage.js';

const on = stage();
const COOKIE = '__Host-region';

describe.each([
  ['en-GB', 'en'],
  ['de-AT', 'de'],
])('the front door in a browser that speaks %s, its scripts turned off,', (language, lang) => {
  it.each(['/', '/which'])(
    'shows %s in that language, small, complete, and with nothing for axe to find',
    async (path) => {
      const visitor = await on().atFrontDoor({ language, javaScript: false, wholeBrowser: true });
      const page = await visitor.open(path);
      expect(await page.locator('html').getAttribute('lang')).toBe(lang);
      for (const { name, origins } of on().api.regions.all) {
        expect(await page.getByText(name).count()).toBeGreaterThan(0);
        expect(await page.locator(`a[href^="${origins.customer}"]`).count()).toBeGreaterThan(0);
      }
      const { sent } = visitor.wire;
      expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200));
      expect(sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(BUDGETS.frontDoor);
      expect(visitor.scriptBytes).toBe(0);
      expect(
        sent.flatMap(({ headers, answered }) => [headers.cookie, headers.referer, answered['set-cookie']]),
      ).toEqual(sent.flatMap(() => [undefined, undefined, undefined]));
      // Axe needs timers, which a page without scripts does not have; the document is the same.
      const scripted = await on().atFrontDoor({ language });
      await scripted.open(path);
      await scripted.axe();
    },
  );
});

it('leads to the region that was chosen, which is told nothing of where from', async () => {
  for (const { name, origins } of on().api.regions.all) {
    const visitor = await on().atFrontDoor({ javaScript: false });
    visitor.mayVisit(origins.customer);
    const page = await visitor.open('/en');
    await page.getByRole('link', { name: `Choose ${name}` }).click();
    await page.waitForURL(`${origins.customer}/sign-up`);
    const [arrived] = visitor.wire.sent.filter(({ url }) => url.origin === origins.customer);
    expect([arrived!.headers.referer, arrived!.headers.cookie]).toEqual([undefined, undefined]);
  }
});

it('remembers a region in a cookie of its code when its button is pressed, by keyboard alone, and forgets it', async () => {
  const visitor = await on().atFrontDoor({});
  const page = await visitor.open('/en');
  const [, second] = on().api.regions.all;
  const remember = page.locator(`form[action="/en/remember/${second!.code}"] button`);
  for (let tabs = 0; tabs < 40 && !(await remember.evaluate((button) => button === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('form[action="/en/forget"]').waitFor();
  expect((await page.getByRole('heading', { level: 3 }).first().textContent())?.trim()).toContain(second!.name);
  const cookies = await visitor.context.cookies();
  expect(
    cookies.map(({ name, value, domain, httpOnly, sameSite }) => [name, value, domain, httpOnly, sameSite]),
  ).toEqual([[COOKIE, second!.code, 'localhost', true, 'Strict']]);
  await visitor.axe();
  // No region is sent it.
  visitor.mayVisit(second!.origins.customer);
  await page.getByRole('link', { name: `Choose ${second!.name}` }).click();
  await page.waitForURL(`${second!.origins.customer}/sign-up`);
  const abroad = visitor.wire.sent.filter(({ url }) => url.origin === second!.origins.customer);
  expect(abroad.map(({ headers }) => headers.cookie)).toEqual(abroad.map(() => undefined));
  await visitor.open('/en');
  await page.locator('form[action="/en/forget"] button').first().click();
  await remember.waitFor();
  expect(await visitor.context.cookies()).toEqual([]);
});

it('works where cookies are refused', async () => {
  const visitor = await on().atFrontDoor({ withoutCookies: true });
  const page = await visitor.open('/en');
  await page.locator('form[action^="/en/remember/"] button').first().click();
  await page.waitForURL('**/en');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await visitor.context.cookies()).toEqual([]);
});

it('leads a link home by its id, and says so of one that names no region', async () => {
  const { account } = await on().api.member('us');
  const visitor = await on().atFrontDoor({ javaScript: false });
  const home = on().api.origin('us');
  visitor.mayVisit(home);
  await visitor.page.goto(`/a/${account.id}`);
  expect(visitor.page.url()).toBe(`${home}/a/${account.id}`);
  visitor.watch.expect(/^console error: Failed to load resource: the server responded with a status of 404/);
  const page = await visitor.open('/a/nothing');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('names no region');
  const scripted = await on().atFrontDoor({});
  scripted.watch.expect(/^console error: Failed to load resource: the server responded with a status of 404/);
  await scripted.open('/a/nothing');
  await scripted.axe();
});
