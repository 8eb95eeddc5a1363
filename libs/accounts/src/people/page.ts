import { type Id, type IdCodec, type RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const LIMIT_STANDARD = 50;

/** Which part of a list is asked for. */
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

/** One part of a list. */
export abstract class Page {
  /** What to send as `cursor` for the following page; null on the last one. */
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

/** A page by the id that it begins after. */
export interface Wanted<P extends string> {
  readonly limit: number;
  readonly after: Id<P> | null;
}

/** @throws Problem request.invalid for a cursor that is no id of that kind and region */
export function wanted<P extends string>(
  ids: IdCodec,
  { region }: RegionContext,
  prefix: P,
  { limit, cursor }: PageQuery,
): Wanted<P> {
  if (cursor !== undefined) {
    const named = ids.parse(cursor);
    if (named?.prefix !== prefix || named.region !== region)
      throw new Problem('request.invalid', {
        errors: [{ pointer: '/cursor', code: 'matches', message: 'The value does not have the required form.' }],
      });
  }
  return { limit: limit === undefined ? LIMIT_STANDARD : Number(limit), after: (cursor ?? null) as Id<P> | null };
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
