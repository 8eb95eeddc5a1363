import { type Id, type IdCodec, type RegionContext, ResidencyError } from '@domicile/residency';
import { Problem } from '@domicile/runtime';

/** Which part of a list is asked for. */
export interface Page {
  /** Id of the last entry that the asker has; undefined for the beginning. */
  readonly after: string | undefined;
  /** How many at most; 1 to 100. */
  readonly limit: number;
}

/** A part of a list. */
export interface Paged<T> {
  readonly entries: readonly T[];
  /** What to ask {@link Page.after} with for more; null at the end. */
  readonly next: string | null;
}

/**
 * The id that a page goes on after, or null for the beginning.
 * @throws Problem request.invalid when it is no id of that kind; ResidencyError residency.misdirected when it is another region's
 */
export function cursorOf<P extends string>(
  ctx: RegionContext,
  ids: IdCodec,
  prefix: P,
  after: string | undefined,
): Id<P> | null {
  if (after === undefined) return null;
  const named = ids.parse(after);
  if (named?.prefix !== prefix)
    throw new Problem('request.invalid', {
      errors: [{ pointer: '/after', code: 'is_cursor', message: 'The value is not acceptable.' }],
    });
  if (named.region !== ctx.region) {
    const { code, origins } = named.region;
    const members = { hostingRegion: { code, origin: origins.customer } };
    throw new ResidencyError('residency.misdirected', undefined, { members });
  }
  return after as Id<P>;
}

/** The page out of rows of which one more than asked for was read: it says that there is more. */
export function pagedOf<R extends { readonly id: string }, T>(
  rows: readonly R[],
  limit: number,
  entries: readonly T[],
): Paged<T> {
  return { entries: entries.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null };
}
