/** What breaks lines, carries commands, or re-orders what is read around it (Unicode TR 36, "bidirectional text spoofing"). */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * True for one line of text that a person can be shown: 1 to `lengthMax` code points, at least one of them visible, none of them
 * a control character, line break, lone surrogate or override of direction. It is kept exactly as given: nothing is trimmed.
 */
export function isPlainText(text: string, lengthMax: number): boolean {
  // Code units first: it bounds the counting.
  if (text.length > 2 * lengthMax || !text.isWellFormed()) return false;
  return [...text].length <= lengthMax && VISIBLE.test(text) && !FORBIDDEN.test(text);
}
