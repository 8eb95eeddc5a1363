import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/http.js';
import { complaintsAbout } from './support/axe.js';
import { stage } from './support/stage.js';
import { Visitor } from './support/visitor.js';

/** Every page plants one thing that a visit must not leave behind, and the harness must find it: a watch that sees nothing says nothing. */
const on = stage();

/** What is found at the end of a visit to a page without any policy, in which that was done. */
async function found(
  plant: (page: Page, visitor: Visitor) => Promise<unknown>,
  wholeBrowser = false,
): Promise<readonly string[]> {
  const origin = on().api.origin('eu');
  const visitor = await Visitor.arrive(await on().browser(wholeBrowser), { origin, regional: [origin] });
  try {
    visitor.watch.keepPrivate('Analytical Engines');
    const html = '<!doctype html><title>Planted</title><link rel="icon" href="data:,"><h1>Planted</h1>';
    await visitor.context.route('**/planted', (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await visitor.open('/planted');
    await plant(visitor.page, visitor);
    return await visitor.watch.findings();
  } finally {
    await visitor.close();
  }
}

describe('the end of a visit', () => {
  it('has nothing to say of a page that does nothing', async () => {
    expect(await found(async () => undefined)).toEqual([]);
  });

  it.each<[string, RegExp, () => unknown]>([
    [
      'a request elsewhere',
      /^left its origin: GET http:\/\/us\.localhost/,
      () => fetch('http://us.localhost:61234/').catch(() => 0),
    ],
    [
      'a picture elsewhere',
      /^left its origin: GET http:\/\/elsewhere\.example\/a\.png/,
      () => {
        const picture = new Image();
        picture.src = 'http://elsewhere.example/a.png';
        return new Promise((resolve) => (picture.onerror = resolve));
      },
    ],
    [
      'a socket',
      /^left its origin: CONNECT/,
      () => {
        const socket = new WebSocket('ws://elsewhere.example/');
        return new Promise((resolve) => (socket.onerror = resolve));
      },
    ],
    ['a warning', /^console warning: careful/, () => console.warn('careful')],
    [
      'an error of the page',
      /^page error: broken/,
      () =>
        void setTimeout(() => {
          throw new Error('broken');
        }),
    ],
    ['something stored', /^storage: note$/, () => localStorage.setItem('note', '1')],
    ['something stored for the session', /^session storage: note$/, () => sessionStorage.setItem('note', '1')],
    ['a cache', /^cache: note$/, () => caches.open('note')],
    ['a cookie', /^cookie: note$/, () => (document.cookie = 'note=1')],
    ['an e-mail address in a title', /^personal: ada@/, () => (document.title = 'ada@example.org')],
    [
      'a name in the address',
      /^personal: http:.*Analytical/,
      () => history.replaceState(null, '', '?name=Analytical%20Engines'),
    ],
    [
      'a name in a language',
      /^personal: Analytical/,
      () => localStorage.setItem('domicile.language', 'Analytical Engines'),
    ],
  ])('finds %s', async (_what, finding, plant) => {
    const findings = await found((page) => page.evaluate(plant));
    expect(findings).toEqual(expect.arrayContaining([expect.stringMatching(finding)]));
  });

  it('finds an icon elsewhere, in a whole browser', async () => {
    const findings = await found(async (page, { wire }) => {
      await page.evaluate(() =>
        document.querySelector('link')!.setAttribute('href', 'http://elsewhere.example/icon.ico'),
      );
      await eventually('the browser to ask for it', () => wire.strays.length > 0);
    }, true);
    expect(findings).toContainEqual(
      expect.stringMatching(/^left its origin: GET http:\/\/elsewhere\.example\/icon\.ico/),
    );
  });

  it('finds a document without the policy, one that may be kept, and a complaint that was announced and did not come', async () => {
    const findings = await found(async (_page, visitor) => {
      visitor.watch.expect(/never/);
      const { wire } = visitor;
      for (const headers of [{ 'cache-control': 'no-store' }, { 'content-security-policy': "default-src 'self'" }])
        wire.sent.push({
          ...{ method: 'GET', url: new URL(`${visitor.origin}/x`), headers: {}, allowed: true, status: 200, bytes: 0 },
          answered: { 'content-type': 'text/html', ...headers },
        });
    });
    expect(findings).toEqual([
      'expected, and not seen: /never/',
      'document /x: policy ',
      "document /x: policy default-src 'self'",
      'document /x: cache-control undefined',
    ]);
  });

  it('has axe look at a page on which something turns for as long as it is there, and finds what has no style or no contrast', async () => {
    const complaints: string[] = [];
    await found(async (page) => {
      await page.evaluate(() => {
        const picture = document.body.appendChild(new Image(20, 20));
        picture.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
        picture.className = 'm_0 picture';
        const words = document.body.appendChild(document.createElement('p'));
        words.textContent = 'Hardly to be read in the dark';
        words.style.cssText =
          'color-scheme: light dark; color: light-dark(#000, #444); background: light-dark(#fff, #222)';
        picture.animate({ rotate: ['0deg', '360deg'] }, { duration: 500, iterations: Infinity });
      });
      complaints.push(...(await complaintsAbout(page)));
    });
    for (const width of ['360 px', '1280 px']) {
      for (const theme of ['light', 'dark'])
        expect(complaints).toContainEqual(expect.stringContaining(`${theme}, ${width}: image-alt at `));
      expect(complaints).toContainEqual(expect.stringContaining(`dark, ${width}: color-contrast at p: `));
      expect(complaints).not.toContainEqual(expect.stringContaining(`light, ${width}: color-contrast`));
    }
    // Of the component library, whose styles are taken one by one.
    expect(complaints).toContain('no style: m_0 picture');
  });

  it('passes nothing on to where nobody allowed it', async () => {
    const visitor = await Visitor.arrive(await on().browser(), { origin: on().api.origin('eu'), regional: [] });
    // Browsers say of an empty refusal that it is an answer, or that it is none.
    await visitor.page.goto(`${on().api.origin('us')}/sign-in`).catch(() => undefined);
    expect(visitor.wire.strays.map(({ status, bytes }) => [status, bytes])).toContainEqual([0, 0]);
    await visitor.close();
  });
});
