import { escaped } from '@domicile/runtime';

/** Markup, as opposed to text; {@link html} and {@link trusted} make it. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What may stand in a template: text is escaped, markup is not, and what is undefined leaves no trace. */
export type Piece = string | Html | readonly Html[] | undefined;

/** Markup of a template. Text in it can be neither an element nor the end of an attribute in double quotes. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const written = parts.map((part, i) => part.replace(/\n\s*/g, '\n') + (i < pieces.length ? markupOf(pieces[i]) : ''));
  return new Html(written.join(''));
}

/** For what is no template and holds nothing that anybody else wrote: a style sheet. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function markupOf(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string') return escaped(piece);
  return piece instanceof Html ? piece.markup : piece.map(({ markup }) => markup).join('');
}
