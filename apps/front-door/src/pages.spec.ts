import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Regions } from '@domicile/residency';
import { LANGUAGES } from './language.js';
import { ICON } from './page.js';
import { type PageName, Pages } from './pages.js';
import { WORDS } from './words.js';

const FILE = join(import.meta.dirname, '../../../deploy/regions.json');
const { regions: rows } = JSON.parse(readFileSync(FILE, 'utf8')) as { regions: Record<string, unknown>[] };
const regions = Regions.load(FILE, 4001);
const pages = new Pages(regions);
const NAMES: readonly PageName[] = ['home', 'which'];
/** Markup, style and icon of one visit. */
const VISIT_BYTES_MAX = 15_000;

const every = NAMES.flatMap((name) =>
  LANGUAGES.flatMap((language) => [undefined, ...regions.all].map((remembered) => ({ name, language, remembered }))),
);

describe('every page', () => {
  it.each(every)('$name in $language, $remembered.code remembered, is small and runs and fetches nothing', (one) => {
    const text = pages.page(one.name, one.language, one.remembered);
    expect(Buffer.byteLength(text + ICON)).toBeLessThanOrEqual(VISIT_BYTES_MAX);
    expect(text).toContain(`<html lang="${one.language}">`);
    expect(text).not.toMatch(/<script|<img|<iframe|\son\w+=|\sstyle=|javascript:|@import|url\(|<form[^>]*method/i);
    const origins = regions.all.map(({ origins: { customer } }) => customer);
    for (const [, address] of text.matchAll(/(?:href|action|src)="([^"]*)"/g))
      expect([address, address!.startsWith('/') || origins.includes(new URL(address!).origin)]).toEqual([
        address,
        true,
      ]);
    const policy = /style-src '(sha256-[^']+)'/.exec(pages.policy)![1];
    const style = /<style>([^]*)<\/style>/.exec(text)![1]!;
    expect(`sha256-${createHash('sha256').update(style).digest('base64')}`).toBe(policy);
  });

  it.each(LANGUAGES)(
    'in %s shows every region in the order of the file, the remembered one first, and chooses none',
    (language) => {
      const order = (remembered?: (typeof regions.all)[number]): string[] =>
        [...pages.page('home', language, remembered).matchAll(/<h3>([^<]+?) ?</g)].map(([, name]) => name!);
      expect(order()).toEqual(regions.all.map(({ name }) => name));
      for (const region of regions.all) expect(order(region)[0]).toBe(region.name);
      const text = pages.page('home', language, undefined);
      for (const { jurisdiction, dataCentres, owner, origins } of regions.all)
        for (const fact of [
          jurisdiction,
          dataCentres,
          owner.name,
          `"${origins.customer}/sign-up"`,
          `"${origins.customer}/sign-in"`,
        ])
          expect(text).toContain(fact);
      expect(text).not.toMatch(/checked|selected|autofocus|http-equiv/);
    },
  );

  it('says nothing of one region that it does not say of all, but what stands in the region file', () => {
    const words = JSON.stringify(WORDS, (_key, value: unknown) =>
      typeof value === 'function' ? String((value as (...names: string[]) => string)('', '')) : value,
    );
    for (const { code, name, owner } of regions.all)
      expect(words).not.toMatch(new RegExp(`\\b(${code.toUpperCase()}|${name}|${owner.name.split(' (')[0]!})\\b`));
    // Nor does any law order it (product.md): the promise is one of contract.
    expect(words).not.toMatch(/GDPR|DSGVO|guarantee|garantier/i);
  });

  it('has a third region by one row more of the file, and shows what its owner wrote as text', () => {
    const [row] = rows;
    const hostile = '</dd><script>alert(1)</script>"';
    const more = {
      ...row,
      code: 'xx',
      number: 9,
      name: hostile,
      dataCentres: hostile,
      accent: '#ffff00',
      origins: { customer: 'https://xx.example', staff: 'https://staff.xx.example' },
    };
    const three = Regions.parse({ regions: [...rows, more] }, 4001);
    for (const language of LANGUAGES) {
      const text = new Pages(three).page('home', language, three.get('xx'));
      expect(text).toContain('href="https://xx.example/sign-up"');
      expect(text).not.toContain('<script');
      expect(text.match(/<article/g)).toHaveLength(3);
      expect(text).toContain('.r-xx{--accent:#');
    }
  });

  it.each(LANGUAGES)('has words for every refusal in %s, and for what has none', (language) => {
    for (const [code, { title }] of Object.entries(WORDS[language].messages))
      expect(pages.message(code, language)).toContain(`<h1>${title}</h1>`);
    expect(pages.message('request.not_found', language)).toContain(WORDS[language].messages['page.not_found'].title);
    expect(pages.message('server.unavailable', language)).toContain(WORDS[language].messages.fault.title);
  });
});
