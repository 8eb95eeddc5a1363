import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LANGUAGES } from '@domicile/messaging';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateIf, ValidateNested } from 'class-validator';
import { NewPasskey } from './passkeys/passkey.dto.js';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from './password.js';
import { WithSessionForm } from './session.dto.js';
import { IsNewEmailAddress, IsName, IsPassword, NAME_LENGTH_MAX } from './text-rules.js';

/** What is asked for; nothing comes into being until it is confirmed. */
export class AskForSignup {
  /** Your e-mail address. The code is sent there; it must be yours alone. */
  @ApiProperty({ maxLength: 254, example: 'ada@example.org' })
  @IsNewEmailAddress()
  email!: string;

  /** What the account is called: your company, or you. Kept exactly as given. */
  @ApiProperty({ minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'Analytical Engines Ltd' })
  @IsName()
  accountName!: string;

  /** What you want to be called; may be left out. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'Ada' })
  @IsOptional()
  @IsName()
  displayName?: string | null;

  /** Language of the mails that you get; English when left out. */
  @ApiPropertyOptional({ type: String, nullable: true, enum: LANGUAGES, example: 'de' })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: (typeof LANGUAGES)[number] | null;

  /** `version` of the privacy notice that you have read and accept, from GET /v1/policies/current. */
  @ApiProperty({ maxLength: 40, example: '2026-11-01' })
  @IsString()
  @MaxLength(40)
  acceptedPolicyVersion!: string;
}

/** Proof of the mailbox, for the options of a passkey. */
export class AskForSignupPasskey {
  /** The eight digits from the mail. */
  @ApiProperty({ pattern: '^[0-9]{8}$', example: '12345678' })
  @Matches(/^[0-9]{8}$/)
  code!: string;
}

/** Proof of the mailbox, and what was chosen to sign in with: a password or a passkey, exactly one. */
export class ConfirmSignup extends WithSessionForm {
  /** The eight digits from the mail. */
  @ApiProperty({ pattern: '^[0-9]{8}$', example: '12345678' })
  @Matches(/^[0-9]{8}$/)
  code!: string;

  /** A password of your own: 15 to 1024 characters, any of them; not one known from breaches, nor made of your address or names. */
  @ApiPropertyOptional({
    minLength: PASSWORD_LENGTH_MIN,
    maxLength: PASSWORD_LENGTH_MAX,
    format: 'password',
    example: 'correct horse battery staple',
  })
  @ValidateIf(({ password, passkey }: ConfirmSignup) => password !== undefined || passkey === undefined)
  @IsPassword()
  password?: string;

  /** A passkey made in answer to POST /v1/signups/{id}/passkey-options. */
  @ApiPropertyOptional()
  @ValidateIf(({ passkey }: ConfirmSignup) => passkey !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => NewPasskey)
  passkey?: NewPasskey;
}

/** A signup that waits for its confirmation. */
export class PendingSignupView {
  @ApiProperty()
  id!: string;

  /** Code of the region that will host the account, for good. */
  @ApiProperty()
  hostingRegion!: string;

  /** Until when it can be confirmed, with a code that has not expired. */
  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;

  /** Until when the mailed code can be used; another one is mailed on demand. */
  @ApiProperty({ type: String, format: 'date-time' })
  codeExpiresAt!: Date;
}

/** A signup whose mail was asked for again. */
export class RemailedSignupView {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  hostingRegion!: string;

  /** Until when the code in the new mail can be used. */
  @ApiProperty({ type: String, format: 'date-time' })
  codeExpiresAt!: Date;
}

/** Answer to a wish for another mail: the same whether the signup still takes a code or not. */
export class RemailedSignup {
  @ApiProperty()
  signup!: RemailedSignupView;
}

/** Answer to a signup: the same for an address that is known and one that is not. */
export class SignupAnswer {
  @ApiProperty()
  signup!: PendingSignupView;
}
