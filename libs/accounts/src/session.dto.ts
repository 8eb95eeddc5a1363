import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { NewSessionView } from './account.dto.js';
import { KnownDeviceView } from './known-devices/known-device.dto.js';
import { IsEmailAddress } from './text-rules.js';

/** Longest text that is looked at as a password: of each code point at most two UTF-16 units and some for what NFKC takes away. */
const PASSWORD_TEXT_LENGTH_MAX = 4096;

/** Who signs in. */
export class SignInWithPassword {
  /** Your e-mail address. */
  @ApiProperty({ maxLength: 254, example: 'ada@example.org' })
  @IsEmailAddress()
  email!: string;

  /** Your password; one that no account can have is wrong like any other. */
  @ApiProperty({
    maxLength: PASSWORD_TEXT_LENGTH_MAX,
    format: 'password',
    example: 'correct horse battery staple',
  })
  @IsString()
  @MaxLength(PASSWORD_TEXT_LENGTH_MAX)
  password!: string;
}

/** Who signed in. */
export class SignedInPerson {
  @ApiProperty()
  id!: string;
}

/** A session begun. */
export class SignedIn {
  @ApiProperty()
  person!: SignedInPerson;

  @ApiProperty()
  session!: NewSessionView;

  /** Absent when you presented a device that is known already. */
  @ApiPropertyOptional()
  device?: KnownDeviceView;
}
