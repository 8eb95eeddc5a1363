/** Languages of the front door, the first one for whoever asks for none of them. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that a browser asks for (RFC 9110 section 12.5.4): the heaviest known one, the first of equals. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    return { language: LANGUAGES.find((each) => each === tag.split('-', 1)[0]), weight: weight > 0 ? weight : 0 };
  });
  const known = wishes.filter(({ language, weight }) => language !== undefined && weight > 0);
  // Stable, so that the order of the header decides between equals.
  return known.sort((a, b) => b.weight - a.weight)[0]?.language ?? LANGUAGES[0];
}
