import { ID_PREFIXES } from '@domicile/runtime';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { type Role, ROLES } from '../permissions.js';
import { ListPage } from '../page.js';

/** Form of a person's id in a body. */
const PERSON_ID = `^${ID_PREFIXES.person}_[a-z]{2,8}_[0-7][0-9a-z]{25}$`;

/** A person in an account. */
export class MemberView {
  @ApiProperty()
  personId!: string;

  /** `owner`, `admin`, `billing` or `member`. */
  @ApiProperty()
  role!: string;

  /** As typed; for the eyes of a `member` masked, but for her own. */
  @ApiProperty()
  email!: string;

  /** Masked likewise. */
  @ApiProperty({ type: String, nullable: true })
  displayName!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  joinedAt!: Date;
}

/** Some of the people in an account, in the order in which they joined. */
export class PeoplePage extends ListPage {
  @ApiProperty({ type: [MemberView] })
  people!: MemberView[];
}

/** Another role for a person. */
export class ChangeRole {
  /** What the person is in the account from now on. */
  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role!: Role;
}

/** Who is to own an account in your place. */
export class TransferOwnership {
  /** Somebody in the account. */
  @ApiProperty({ pattern: PERSON_ID })
  @Matches(new RegExp(PERSON_ID))
  personId!: string;
}
