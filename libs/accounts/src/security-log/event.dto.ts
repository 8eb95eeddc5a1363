import { ApiProperty } from '@nestjs/swagger';

/** What every line says. */
class Line {
  /** Goes on after it as `cursor`. */
  @ApiProperty()
  id!: string;

  /** What happened: one of a closed list of words; a word never changes its meaning, and more will come. */
  @ApiProperty({ example: 'session.began' })
  kind!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  /** Browser and system; null where they are not known. */
  @ApiProperty({ type: String, nullable: true, example: 'Firefox on Windows' })
  device!: string | null;

  /** ISO 3166-1 code of the country; null where it is not known. */
  @ApiProperty({ type: String, nullable: true, example: 'SE' })
  country!: string | null;
}

/**
 * One line of your security log: what you did, or what somebody tried who wanted to be you. Where it begins with `account.` it is about an
 * account that you belong to, whose own log says who did it.
 */
export class PersonLineView extends Line {
  /** The session that it is about, or in which it happened. */
  @ApiProperty({ type: String, nullable: true })
  sessionId!: string | null;
}

/** One line of an account's security log. */
export class AccountLineView extends Line {
  /** The person who did it; null where nobody did, as time alone passed. */
  @ApiProperty({ type: String, nullable: true })
  actorId!: string | null;

  /** What it was done to; null where it is the account itself. */
  @ApiProperty({ type: String, nullable: true })
  subjectId!: string | null;
}

/** A page of your security log. */
export class PersonLog {
  /** Newest first. */
  @ApiProperty({ type: [PersonLineView] })
  events!: PersonLineView[];

  /** Ask with it as `cursor` for older ones; null at the end. */
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

/** A page of an account's security log. */
export class AccountLog {
  /** Newest first. */
  @ApiProperty({ type: [AccountLineView] })
  events!: AccountLineView[];

  /** Ask with it as `cursor` for older ones; null at the end. */
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
