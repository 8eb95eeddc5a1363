import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, trusted } from './html.js';

describe('a template', () => {
  it('escapes text, keeps markup, and leaves out what is not there', () => {
    const inner = html`<b>${'a & b'}</b>`;
    expect(html`<p title="${`"'><`}">${inner}${undefined}${[inner, inner]}${trusted('<i>')}</p>`.markup).toBe(
      '<p title="&quot;&#39;&gt;&lt;"><b>a &amp; b</b><b>a &amp; b</b><b>a &amp; b</b><i></p>',
    );
  });

  it('lets no text become an element or leave its attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { markup } = html`<a href="${text}">${text}</a>`;
        expect(markup.match(/[<>"]/g)!.join('')).toBe('<"">' + '<>');
      }),
    );
  });
});
