import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { ListPage } from '../page.js';
import { type Role, ROLES } from '../permissions.js';
import { IsNewEmailAddress } from '../text-rules.js';

/** Who is invited, and as what. */
export class Invite {
  /** To whom the invitation is mailed. */
  @ApiProperty({ maxLength: 254, example: 'grace@example.org' })
  @IsNewEmailAddress()
  email!: string;

  /** What she is to be in the account. */
  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role!: Role;
}

/** An invitation made. It says the same for every address. */
export class InvitationMade {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  role!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** An open invitation, as those see it who may invite. */
export class InvitationView extends InvitationMade {
  /** As typed. */
  @ApiProperty()
  email!: string;

  /** Person who invites. */
  @ApiProperty()
  invitedBy!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;
}

/** Some of the open invitations, in the order in which they were made. */
export class InvitationsPage extends ListPage {
  @ApiProperty({ type: [InvitationView] })
  invitations!: InvitationView[];
}

/** Answers an invitation. */
export class AnswerInvitation {
  /** The eight digits of the mail. */
  @ApiProperty({ pattern: '^[0-9]{8}$', example: '01234567' })
  @Matches(/^[0-9]{8}$/)
  code!: string;
}

/** The account that one belongs to now. */
export class JoinedAccount {
  @ApiProperty()
  id!: string;

  /** Code of the region that hosts the account, for good. */
  @ApiProperty()
  hostingRegion!: string;
}

/** What an acceptance brought about. */
export class InvitationAccepted {
  @ApiProperty()
  account!: JoinedAccount;

  @ApiProperty()
  role!: string;
}
