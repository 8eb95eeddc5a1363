import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../../../test/support/any-text.js';
import { countryOf, countryWords } from './country.js';
import { deviceWords } from './device.js';

describe('deviceWords', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Windows'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
      'Safari on macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0 Mobile/15E148 Safari/604.1',
      'Chrome on iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36',
      'Samsung Internet on Android',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
      'Chrome on ChromeOS',
    ],
    ['curl/8.5.0', 'curl'],
    ['Something on Windows', 'Windows'],
    ['', null],
    [undefined, null],
  ])('knows %j as %j', (text, words) => {
    expect(deviceWords(text)).toBe(words);
  });

  it('says nothing but its own words, whatever it is told', () => {
    const known = /^(?:[A-Z][A-Za-z ]+|curl|macOS|iPhone|iPad)(?: on [A-Za-z]+)?$/;
    fc.assert(
      fc.property(anyText(), (text) => {
        const words = deviceWords(`${text} Firefox/1 Linux`);
        expect(words).toMatch(known);
        expect(words!.length).toBeLessThan(40);
      }),
    );
  });
});

describe('countryOf', () => {
  it.each([
    ['8.8.8.8', 'US'],
    ['193.0.6.139', 'NL'],
    ['127.0.0.1', null],
    ['10.1.2.3', null],
    ['192.168.1.1', null],
    ['172.16.0.1', null],
    ['2001:67c:2e8:22::/64', null],
    ['unknown', null],
    ['', null],
  ])('knows %j as %j', async (network, country) => {
    expect(await countryOf(network)).toBe(country);
  });
});

describe('countryWords', () => {
  it('names a country in the language of the letter, and nothing for none', () => {
    expect(['en', 'de'].map((language) => countryWords('SE', language))).toEqual(['Sweden', 'Schweden']);
    expect([countryWords(null, 'en'), countryWords('QQ', 'en')]).toEqual([null, null]);
  });
});
