import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateIf, ValidateNested } from 'class-validator';
import { type Factor, FACTORS } from '../factor.js';
import { KnownDeviceView } from '../known-devices/known-device.dto.js';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../password.js';
import { SESSION_FORMS, type SessionForm, SignedInPerson } from '../session.dto.js';
import { IsEmailAddress, IsPassword } from '../text-rules.js';
import type { PresentedFactor } from './second-factor-check.js';

/** Who has lost the password. */
export class AskForRecovery {
  /** Your e-mail address. */
  @ApiProperty({ maxLength: 254, example: 'ada@example.org' })
  @IsEmailAddress()
  email!: string;
}

/** A recovery that waits for its code. */
export class AskedRecoveryView {
  @ApiProperty()
  id!: string;

  /** Until when it can be completed. */
  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** Answer to a recovery: the same whether the address is known or not. */
export class RecoveryAnswer {
  @ApiProperty()
  recovery!: AskedRecoveryView;
}

/** One more factor, where there is one. */
export class SecondFactor implements PresentedFactor {
  @ApiProperty({ enum: FACTORS, example: 'totp' })
  @IsIn(FACTORS)
  kind!: Factor;

  /** What proves it. */
  @ApiProperty({ maxLength: 4096, example: '123456' })
  @IsString()
  @MaxLength(4096)
  code!: string;
}

/** Proof of the mailbox, and the password chosen. */
export class CompleteRecovery {
  /** The eight digits from the mail, or the code in its link. */
  @ApiProperty({ pattern: '^(?:[0-9]{8}|[A-Za-z0-9_-]{32})$', example: '12345678' })
  @Matches(/^(?:[0-9]{8}|[A-Za-z0-9_-]{32})$/)
  code!: string;

  /** A password of your own, as at the signup. */
  @ApiProperty({
    minLength: PASSWORD_LENGTH_MIN,
    maxLength: PASSWORD_LENGTH_MAX,
    format: 'password',
    example: 'correct horse battery staple',
  })
  @IsPassword()
  password!: string;

  /** Needed when you have a second factor: `recovery.factor_needed` names which. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SecondFactor)
  secondFactor?: SecondFactor;

  /** `bearer` shows you the device's token; `cookie` puts it where only your browser can use it, and shows it to nobody. */
  @ApiProperty({ enum: SESSION_FORMS, required: false, default: 'bearer' })
  @ValidateIf(({ deviceForm }: CompleteRecovery) => deviceForm !== undefined)
  @IsIn(SESSION_FORMS)
  deviceForm?: SessionForm;
}

/** A recovery completed: sign in with the new password. */
export class RecoveryCompleted {
  @ApiProperty()
  person!: SignedInPerson;

  /** Absent when it went into a cookie. */
  @ApiPropertyOptional()
  device?: KnownDeviceView;
}
