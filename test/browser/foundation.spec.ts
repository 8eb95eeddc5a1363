import { describe, expect, it } from '@jest/globals';
import { BUDGETS } from './support/speed.js';
import { stage } from './support/stage.js';

const on = stage();

describe.each(['eu', 'us'])('the web of %s', (code) => {
  it('shows its sign-in page within its budget, in both themes and widths, with nothing for axe to find', async () => {
    const visitor = await on().visitor(code);
    const page = await visitor.open('/sign-in');
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    await visitor.measure(`${code} /sign-in`);
    expect(visitor.scriptBytes).toBeLessThanOrEqual(BUDGETS.wayIn);
    await visitor.axe();
  });

  it('takes no cookies where the browser refuses them', async () => {
    const visitor = await on().visitor(code, { withoutCookies: true });
    const page = await visitor.open('/sign-in');
    const kept = await page.evaluate(() => {
      document.cookie = 'a=b; Path=/';
      return document.cookie;
    });
    expect(kept).toBe('');
  });

  it('signed in', async () => {
    const { visitor } = await on().signedIn(code);
    const { page } = visitor;
    await page.goto('/');
    expect(await page.evaluate(async () => (await fetch('/v1/me')).status)).toBe(200);
  });
});
