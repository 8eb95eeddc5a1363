/**
 * The page's policy asks for trusted types (`require-trusted-types-for 'script'`): no text becomes markup or script by accident. The one
 * exception the component library needs is the text of a style element, which is let through as long as it cannot be markup.
 */
interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): unknown;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;

factory?.createPolicy('default', {
  createHTML: (text) => {
    if (text.includes('<')) throw new TypeError('This page makes no markup of text.');
    return text;
  },
});
