/** ISO/IEC 7812-1: digits of a primary account number, in practice. */
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** What stands between the groups of a number: up to three of space, dash, dot, slash and the like, or a line break. */
const RUN = /\d+(?:[\p{Z}\p{Pd}\p{Cc}._/·]{1,3}\d+)*/gu;
const ZERO = 48;
const NOT_SEEN = /\p{Cf}/gu;

/**
 * True when a text holds what looks like the number of a payment card: 13 to 19 digits with a right check digit (Luhn, ISO/IEC 7812-1
 * annex B), written in one or with spaces and dashes. One number in ten that is no card has that form by chance; as names hold no
 * such numbers, they are refused all the same.
 */
export function holdsCardNumber(text: string): boolean {
  // Full-width digits and invisible characters would carry a number past the eye of the rule, not past a person's.
  const shown = text.replace(NOT_SEEN, '').normalize('NFKC');
  return (shown.match(RUN) ?? []).some((run) => holdsNumber(run.match(/\d+/g) ?? []));
}

/** Any consecutive groups together: a number may have a date or an amount beside it. */
function holdsNumber(groups: readonly string[]): boolean {
  return groups.some((_, from) => {
    let digits = '';
    // At most as many groups as there may be digits: the time grows with the text alone.
    for (let at = from; at < groups.length; at++) {
      digits += groups[at]!;
      if (digits.length > DIGITS_MAX) return false;
      if (digits.length >= DIGITS_MIN && isLuhn(digits)) return true;
    }
    return false;
  });
}

/** Every second digit from the right but one counts twice, and its own digits are added; the sum is then a multiple of ten. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - ZERO;
    const counted = i % 2 === 0 ? digit : 2 * digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  // Nothing but zeros is no number of anything.
  return sum > 0 && sum % 10 === 0;
}
