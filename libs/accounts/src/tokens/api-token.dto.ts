import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { ListPage } from '../page.js';
import { IsName, NAME_LENGTH_MAX } from '../text-rules.js';
import { type Scope, SCOPES } from './scopes.js';

const DAYS_MAX = 365;

/** A token to be made. */
export class MakeToken {
  /** What it is for, in your words. */
  @ApiProperty({ minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'Nightly report' })
  @IsName()
  name!: string;

  /** What it may read. */
  @ApiProperty({ type: 'array', items: { type: 'string', enum: [...SCOPES] }, minItems: 1, uniqueItems: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SCOPES.length)
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];

  @ApiProperty({ type: 'integer', minimum: 1, maximum: DAYS_MAX, example: 90 })
  @IsInt()
  @Min(1)
  @Max(DAYS_MAX)
  expiresInDays!: number;
}

/** A token, without its secret. */
export class TokenView {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: [String] })
  scopes!: string[];

  /** Person who made it. */
  @ApiProperty()
  madeBy!: string;

  /** Exact to five minutes; null when it was never used. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastUsedAt!: Date | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** A token just made. */
export class TokenMade {
  @ApiProperty()
  id!: string;

  /** The secret: send it as `Authorization: Bearer …`. It is shown this once and stored nowhere. */
  @ApiProperty()
  token!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** Some of an account's tokens, in the order in which they were made. */
export class TokensPage extends ListPage {
  @ApiProperty({ type: [TokenView] })
  tokens!: TokenView[];
}
