/** Languages that mails are written in. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A piece of a letter; how it looks in text and in HTML is decided by the template. */
export type LetterPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Something to type over, on a line of its own. */
  | { readonly kind: 'code'; readonly code: string }
  /** An address of the region's own origin; whatever is secret in it stands in its fragment. */
  | { readonly kind: 'link'; readonly href: string; readonly text: string };

/** A mail as its subject's library writes it: what to say and to whom, not how it looks. Greeting and footer come from the template. */
export interface Letter {
  /** One address in normal form: ASCII, no display name. */
  readonly to: string;
  readonly language: Language;
  /** Names the region; holds nothing personal. */
  readonly subject: string;
  readonly parts: readonly LetterPart[];
}
