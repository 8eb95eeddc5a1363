import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '@domicile/accounts';
import { IsString, Matches, MaxLength, ValidateIf } from 'class-validator';

const LIMIT_MAX = 100;

/** Which part of a list is asked for. The handler needs `@RouteConfig({ query: true })`. */
export class PageQuery {
  /** How many at most, 1 to 100; 100 when left out. */
  @ApiProperty({ type: 'integer', required: false, minimum: 1, maximum: LIMIT_MAX, default: LIMIT_MAX })
  @ValidateIf(({ limit }: PageQuery) => limit !== undefined)
  @Matches(/^(?:[1-9]\d?|100)$/)
  limit?: string;

  /** Goes on after this one: `next` of the page before. */
  @ApiProperty({ required: false, maxLength: 64 })
  @ValidateIf(({ after }: PageQuery) => after !== undefined)
  @IsString()
  @MaxLength(64)
  after?: string;
}

/** The page that a query asks for. */
export function pageOf({ limit, after }: PageQuery): Page {
  return { after, limit: limit === undefined ? LIMIT_MAX : Number(limit) };
}
