import fc, { type StringConstraints } from 'fast-check';

const within = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((code) => String.fromCodePoint(code));

/** Every code point but surrogates, those that mean something to parsers more often. fast-check's own unit of them takes 0.7 s to be made. */
const codePoint = fc.oneof(within(0, 0x7f), within(0x80, 0xd7ff), within(0xe000, 0xffff), within(0x10000, 0x10ffff));

/** Any text at all. */
export function anyText(constraints: Omit<StringConstraints, 'unit'> = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: codePoint });
}
