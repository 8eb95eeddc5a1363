import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Regions } from '@domicile/residency';
import { FORGETTING_COOKIE, isAskedFor, rememberedRegion, rememberingCookie } from './remembered.js';

const regions = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4001);
const [first, second] = regions.all;
const PRESSED = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' };

describe('what a browser remembers', () => {
  it("is a region's bare code, bound to the host", () => {
    expect(rememberingCookie(first!)).toBe(
      `__Host-region=${first!.code}; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Strict`,
    );
    expect(FORGETTING_COOKIE).toBe('__Host-region=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict');
  });

  it.each([
    [`__Host-region=${second!.code}`, second!.code],
    [`a=b; __Host-region=${second!.code};c=d`, second!.code],
    [undefined, undefined],
    ['', undefined],
    ['__Host-region=', undefined],
    ['__Host-region=xx', undefined],
    [`__Host-region="${second!.code}"`, undefined],
    [`__Host-region=${second!.code.toUpperCase()}`, undefined],
    [`region=${second!.code}`, undefined],
    [`x__Host-region=${second!.code}`, undefined],
    ['__Host-region=constructor', undefined],
  ])('is, for %p, %p', (cookies, code) => {
    expect(rememberedRegion(regions, cookies)?.code).toBe(code);
  });

  it.each([
    ['a button of our own page', PRESSED, true],
    ['a browser that does not say where it comes from', {}, false],
    ['a link elsewhere', { ...PRESSED, 'sec-fetch-site': 'cross-site' }, false],
    ["a region's page", { ...PRESSED, 'sec-fetch-site': 'same-site' }, false],
    ['an address that was typed', { ...PRESSED, 'sec-fetch-site': 'none' }, false],
    ['an image', { ...PRESSED, 'sec-fetch-mode': 'no-cors' }, false],
    ['a prefetch', { ...PRESSED, 'sec-purpose': 'prefetch' }, false],
    ['a prerender', { ...PRESSED, 'sec-purpose': 'prefetch;prerender' }, false],
    ['an older prefetch', { ...PRESSED, purpose: 'prefetch' }, false],
  ])('changes by %s: %s', (_what, headers, is) => {
    expect(isAskedFor(headers)).toBe(is);
  });
});
