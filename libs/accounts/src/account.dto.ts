import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { PERMISSION_NAMES } from './permissions.js';
import { IsName, NAME_LENGTH_MAX } from './text-rules.js';

/** An account, as its member sees it. */
export class AccountView {
  @ApiProperty()
  id!: string;

  /** Code of the region that hosts the account, for good. */
  @ApiProperty()
  hostingRegion!: string;

  @ApiProperty()
  name!: string;

  /** `active`, `restricted`, `suspended`, `closing` or `erased`. */
  @ApiProperty()
  status!: string;

  /** Your part in it: `owner`, `admin`, `billing` or `member`; of an API token, that of who made it. */
  @ApiProperty()
  role!: string;

  /**
   * What that part lets you do beside reading the account and leaving it, by name; more names will come. Of an API token none: it may do
   * what it was made for.
   */
  @ApiProperty({ enum: PERMISSION_NAMES, isArray: true, example: ['people.read', 'receipt.read'] })
  permissions!: readonly string[];

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  /** When it is to be erased; only while it is `closing`. */
  @ApiPropertyOptional({ type: String, format: 'date-time' })
  closingAt?: Date;
}

/** A change of an account. */
export class ChangeAccount {
  /** What the account is called from now on. Kept exactly as given. */
  @ApiProperty({ minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'Analytical Engines Ltd' })
  @IsName()
  name!: string;
}

/** A change of a person by herself. */
export class ChangeMe {
  /** What you want to be called; null for nothing. */
  @ApiProperty({ type: String, nullable: true, minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'Ada' })
  @ValidateIf(({ displayName }: ChangeMe) => displayName !== null)
  @IsName()
  displayName!: string | null;
}

/** A person, as she sees herself. */
export class PersonView {
  @ApiProperty()
  id!: string;

  /** As typed. */
  @ApiProperty()
  email!: string;

  @ApiProperty({ type: String, nullable: true })
  displayName!: string | null;
}

/** A way to an account. */
export class AccountRef {
  @ApiProperty()
  id!: string;
}

/** The session in use. */
export class SessionView {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** Who the caller is. */
export class Me {
  @ApiProperty()
  person!: PersonView;

  /** The accounts that you belong to, 100 at most. */
  @ApiProperty({ type: [AccountRef] })
  accounts!: AccountRef[];

  @ApiProperty()
  session!: SessionView;
}

/** The account that a confirmation made. */
export class NewAccountView {
  @ApiProperty()
  id!: string;

  /** Code of the region that hosts the account, for good. */
  @ApiProperty()
  hostingRegion!: string;

  @ApiProperty()
  name!: string;
}

/** The session that a confirmation began. */
export class NewSessionView extends SessionView {
  /** The secret: send it as `Authorization: Bearer …`. It is shown this once and stored nowhere; not shown at all when it went into a cookie. */
  @ApiProperty({ required: false })
  token?: string;
}

/** What a confirmation brought into being. */
export class ConfirmationAnswer {
  @ApiProperty()
  account!: NewAccountView;

  @ApiProperty()
  person!: PersonView;

  @ApiProperty()
  session!: NewSessionView;
}
