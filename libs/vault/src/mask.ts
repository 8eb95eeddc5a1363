import type { PersonalDeclaration } from '@domicile/residency';

const DOTS = '••••';

/**
 * What a masked view shows of a value: enough to recognise what one knows already, nothing to learn from. The length is never told.
 * `hidden` shows nothing, `initial` the first character, `email` the first characters of the local part and of the domain, and the
 * top-level label.
 */
export function masked(value: string, how: PersonalDeclaration['mask']): string {
  if (how === 'hidden') return DOTS;
  if (how === 'initial') return initial(value);
  const at = value.lastIndexOf('@');
  const dot = value.lastIndexOf('.');
  if (at < 1 || dot < at) return DOTS;
  return `${initial(value.slice(0, at))}@${initial(value.slice(at + 1, dot))}${value.slice(dot)}`;
}

/** One grapheme, so that no half of a character is shown. */
function initial(text: string): string {
  const [first] = new Intl.Segmenter().segment(text);
  return `${first?.segment ?? ''}${DOTS}`;
}
