import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength, ValidateIf } from 'class-validator';
import { NewSessionView } from './account.dto.js';
import { KnownDeviceView } from './known-devices/known-device.dto.js';
import { IsEmailAddress } from './text-rules.js';

/** Longest text that is looked at as a password: of each code point at most two UTF-16 units and some for what NFKC takes away. */
export const PASSWORD_TEXT_LENGTH_MAX = 4096;

/** How a secret can be handed over. */
export const SESSION_FORMS = ['bearer', 'cookie'] as const;
export type SessionForm = (typeof SESSION_FORMS)[number];

/** What every operation takes that begins a session. */
export class WithSessionForm {
  /** `bearer` shows you the token; `cookie` puts it where only your browser can use it, and shows it to nobody. */
  @ApiProperty({ enum: SESSION_FORMS, required: false, default: 'bearer' })
  @ValidateIf(({ sessionForm }: WithSessionForm) => sessionForm !== undefined)
  @IsIn(SESSION_FORMS)
  sessionForm?: SessionForm;
}

/** Who signs in. */
export class SignInWithPassword extends WithSessionForm {
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

/** A session, as its person sees it. */
export class SessionEntryView {
  @ApiProperty()
  id!: string;

  /** True for the session that asks. */
  @ApiProperty()
  current!: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  /** When it was last used, within five minutes. */
  @ApiProperty({ type: String, format: 'date-time' })
  lastSeenAt!: Date;

  /** When you last proved in it who you are. */
  @ApiProperty({ type: String, format: 'date-time' })
  authenticatedAt!: Date;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;

  /** What you proved it with, in order. */
  @ApiProperty({ type: [String], example: ['password'] })
  factors!: string[];

  /** Browser and system where it began; null where they are not known. */
  @ApiProperty({ type: String, nullable: true, example: 'Firefox on Windows' })
  device!: string | null;

  /** ISO 3166-1 code of the country where it began; null where it is not known. */
  @ApiProperty({ type: String, nullable: true, example: 'SE' })
  country!: string | null;
}

/** A page of your sessions. */
export class SessionPage {
  /** Newest first. */
  @ApiProperty({ type: [SessionEntryView] })
  sessions!: SessionEntryView[];

  /** Ask with it as `cursor` for older ones; null at the end. */
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
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

  /** Absent when you presented a device that is known already, and when it went into a cookie. */
  @ApiPropertyOptional()
  device?: KnownDeviceView;
}
