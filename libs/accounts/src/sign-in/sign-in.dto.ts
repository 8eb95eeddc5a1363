import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsObject, IsString, Matches, MaxLength, ValidateIf, ValidateNested } from 'class-validator';
import { NewSessionView } from '../account.dto.js';
import { FACTORS } from '../factor.js';
import { PasskeyAnswer } from '../passkeys/passkey.dto.js';
import { PASSWORD_TEXT_LENGTH_MAX, WithSessionForm } from '../session.dto.js';

const factorList = {
  type: 'array' as const,
  items: { type: 'string' as const, enum: [...FACTORS] },
  example: ['totp'],
};

/** A sign-in that waits for its second step. */
export class PendingSignInView {
  @ApiProperty()
  id!: string;

  /** The secret of this sign-in: send it as `Authorization: Bearer …` with the second step. It is shown this once. */
  @ApiProperty()
  token!: string;

  /** What the second step can be taken with, any of them. */
  @ApiProperty(factorList)
  factors!: string[];

  /** Until when; five tries are enough for it to end before. */
  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** Answer to the right password of who has a second factor. */
export class SecondStepNeeded {
  @ApiProperty()
  signIn!: PendingSignInView;
}

/** The second step with an authenticator app. */
export class SignInWithTotp extends WithSessionForm {
  /** The six digits that the app shows now; each counts once. */
  @ApiProperty({ pattern: '^[0-9]{6}$', example: '123456' })
  @Matches(/^[0-9]{6}$/)
  code!: string;
}

/** The second step with a recovery code. */
export class SignInWithRecoveryCode extends WithSessionForm {
  /** One of the ten codes; case, spaces and hyphens do not matter. */
  @ApiProperty({ minLength: 12, maxLength: 40, example: 'k3v9-0mxa-t7qd' })
  @Matches(/^[0-9A-Za-z \u002d]{12,40}$/)
  code!: string;
}

/** A sign-in, or its second step, with a passkey. */
export class SignInWithPasskey extends WithSessionForm {
  @ApiProperty()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => PasskeyAnswer)
  passkey!: PasskeyAnswer;
}

/** A proof of who you are: exactly one of these. */
export class ProveYourself {
  @ApiPropertyOptional({ maxLength: PASSWORD_TEXT_LENGTH_MAX, format: 'password' })
  @ValidateIf(({ password }: ProveYourself) => password !== undefined)
  @IsString()
  @MaxLength(PASSWORD_TEXT_LENGTH_MAX)
  password?: string;

  /** The six digits that your authenticator app shows now. */
  @ApiPropertyOptional({ pattern: '^[0-9]{6}$', example: '123456' })
  @ValidateIf(({ totp }: ProveYourself) => totp !== undefined)
  @Matches(/^[0-9]{6}$/)
  totp?: string;

  @ApiPropertyOptional()
  @ValidateIf(({ passkey }: ProveYourself) => passkey !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => PasskeyAnswer)
  passkey?: PasskeyAnswer;
}

class ProvenSessionView extends NewSessionView {
  /** When you last proved who you are. */
  @ApiProperty({ type: String, format: 'date-time' })
  authenticatedAt!: Date;

  /** What you proved it with so far, in order. */
  @ApiProperty(factorList)
  factors!: string[];
}

/** The session as it was proved, with another secret: the one from before is worth nothing from now on. */
export class ProofView {
  @ApiProperty()
  session!: ProvenSessionView;
}
