import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import { redirectUriProblem } from './redirect-uri.js';

describe('an address to redirect to', () => {
  it.each([
    'https://app.example.org/callback',
    'https://app.example.org/',
    'https://app.example.org:8443/a/b?c=d',
    'http://127.0.0.1/cb',
    'http://127.0.0.1:49152/cb',
    'http://[::1]/cb',
  ])('may be %s', (uri) => {
    expect(redirectUriProblem(uri)).toBeNull();
  });

  it.each([
    'http://app.example.org/callback',
    'https://app.example.org',
    'https://APP.example.org/',
    'https://app.example.org/a/../b',
    'https://app.example.org/#x',
    'https://app.example.org/#',
    'https://me@app.example.org/',
    'https://me:secret@app.example.org/',
    'https://app.example.org/\u00e9',
    'https://app.example.org/a b',
    ' https://app.example.org/',
    'https://app.example.org\\@evil.example.org/',
    'https://localhost/',
    'https://x.localhost/',
    'https://intranet/',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'http://localhost/cb',
    'http://127.0.0.2/cb',
    'http://127.1/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'myapp://callback',
    '//app.example.org/',
    '/callback',
    '',
    `https://app.example.org/${'x'.repeat(500)}`,
  ])('must not be %s', (uri) => {
    expect(redirectUriProblem(uri)).not.toBeNull();
  });

  it('is one that every parser reads alike, whatever is typed', () => {
    const typed = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      anyText().map((text) => `https://app.example.org/${text}`),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(typed, (text) => {
        if (redirectUriProblem(text) !== null) return;
        const url = new URL(text);
        expect([url.href, url.hash, url.username]).toEqual([text, '', '']);
        expect(text).toMatch(/^https?:\/\/[a-z0-9.:[\]-]+\/[\x21-\x7e]*$/);
        expect(url.protocol === 'https:' || ['127.0.0.1', '[::1]'].includes(url.hostname)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
