import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { type Id, type IdCodec, type RegionContext, ResidencyError } from '@domicile/residency';
import { Problem } from '@domicile/runtime';

const LIMIT_STANDARD = 50;

/** Which part of a list is asked for, as a query says it. The handler needs `@RouteConfig({ query: true })`. */
export class PageQuery {
  /** How many at most, 1 to 100. */
  @ApiPropertyOptional({ type: String, pattern: '^([1-9][0-9]?|100)$', default: String(LIMIT_STANDARD) })
  @IsOptional()
  @Matches(/^(?:[1-9]\d?|100)$/)
  limit?: string;

  /** `next` of the page before. */
  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IsOptional()
  @Matches(/^[a-z]{2,8}_[a-z]{2,8}_[0-7][0-9a-z]{25}$/)
  cursor?: string;
}

/** What every list answers beside its entries. */
export abstract class ListPage {
  /** What to send as `cursor` for the following page; null on the last one. */
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

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
      errors: [{ pointer: '/cursor', code: 'is_cursor', message: 'The value is not acceptable.' }],
    });
  if (named.region !== ctx.region) {
    const { code, origins } = named.region;
    const members = { hostingRegion: { code, origin: origins.customer } };
    throw new ResidencyError('residency.misdirected', undefined, { members });
  }
  return after as Id<P>;
}

/** The page that a query asks for. */
export function pageOf({ limit, cursor }: PageQuery): Page {
  return { after: cursor, limit: limit === undefined ? LIMIT_STANDARD : Number(limit) };
}

/** The page out of rows of which one more than asked for was read: it says that there is more. */
export function pagedOf<R extends { readonly id: string }, T>(
  rows: readonly R[],
  limit: number,
  entries: readonly T[],
): Paged<T> {
  return { entries: entries.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null };
}

/** A page by the id that it begins after. */
export interface Wanted<P extends string> {
  readonly limit: number;
  readonly after: Id<P> | null;
}

/** @throws as {@link cursorOf} */
export function wanted<P extends string>(ids: IdCodec, ctx: RegionContext, prefix: P, query: PageQuery): Wanted<P> {
  const { after, limit } = pageOf(query);
  return { limit, after: cursorOf(ctx, ids, prefix, after) };
}

/**
 * Cuts what was read into a page.
 * @param rows up to one more than the limit, by id, so that the last page is known to be the last
 */
export function paged<R extends { readonly id: string }>(
  rows: readonly R[],
  limit: number,
): { rows: readonly R[]; next: string | null } {
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? shown.at(-1)!.id : null };
}
