import { type Language, LANGUAGES } from '@domicile/messaging';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { HoldsNoCardNumber, IsCountry, IsName, IsPostalAddress, IsTimeZone, NAME_LENGTH_MAX } from '../text-rules.js';

const TAX_ID_LENGTH_MAX = 30;
/** Twice as long as the note of a session's last use may be old. */
const IDLE_MINUTES_MIN = 10;
const IDLE_MINUTES_MAX = 24 * 60;
const ABSOLUTE_HOURS_MAX = 30 * 24;

/** Of a field that may be left out, but is no null. */
const IfGiven = <T>(name: keyof T): PropertyDecorator => ValidateIf((body: T) => body[name] !== undefined);
/** Of a field that may be left out, or null. */
const IfSet = <T>(name: keyof T): PropertyDecorator =>
  ValidateIf((body: T) => body[name] !== undefined && body[name] !== null);

/** What an account asks of the sessions that enter it. */
export class AccountPolicyView {
  /** Whether a password alone is not enough; a passkey is. */
  @ApiProperty()
  secondFactorRequired!: boolean;

  /** Whether sessions must be begun with the account's own provider; an owner with a second factor gets in all the same. */
  @ApiProperty()
  ownProviderRequired!: boolean;

  /** Minutes without a request after which a session must be begun anew; null for no limit of its own. */
  @ApiProperty({ type: 'integer', nullable: true })
  sessionIdleMinutes!: number | null;

  /** Hours after its last proof when a session must be proved anew; null for no limit of its own. */
  @ApiProperty({ type: 'integer', nullable: true })
  sessionAbsoluteHours!: number | null;
}

/** A change of what an account asks; what is left out stays. */
export class ChangePolicy {
  /** Whether a password alone is not enough; a passkey is. Your own session must have what you ask for. */
  @ApiPropertyOptional()
  @IfGiven<ChangePolicy>('secondFactorRequired')
  @IsBoolean()
  secondFactorRequired?: boolean;

  /** Whether sessions must be begun with the account's own provider. Your own session must have been. */
  @ApiPropertyOptional()
  @IfGiven<ChangePolicy>('ownProviderRequired')
  @IsBoolean()
  ownProviderRequired?: boolean;

  /** Minutes without a request after which a session must be begun anew; null for no limit of its own. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: IDLE_MINUTES_MIN, maximum: IDLE_MINUTES_MAX })
  @IfSet<ChangePolicy>('sessionIdleMinutes')
  @IsInt()
  @Min(IDLE_MINUTES_MIN)
  @Max(IDLE_MINUTES_MAX)
  sessionIdleMinutes?: number | null;

  /** Hours after its last proof when a session must be proved anew; null for no limit of its own. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: ABSOLUTE_HOURS_MAX })
  @IfSet<ChangePolicy>('sessionAbsoluteHours')
  @IsInt()
  @Min(1)
  @Max(ABSOLUTE_HOURS_MAX)
  sessionAbsoluteHours?: number | null;
}

/** How you want to be spoken to. */
export class PreferencesView {
  /** Of the mails to you. */
  @ApiProperty({ enum: LANGUAGES })
  language!: Language;

  /** A name of the IANA time zone database. */
  @ApiProperty()
  timeZone!: string;
}

/** A change of how you want to be spoken to; what is left out stays. */
export class ChangePreferences {
  /** Of the mails to you. */
  @ApiPropertyOptional({ enum: LANGUAGES })
  @IfGiven<ChangePreferences>('language')
  @IsIn(LANGUAGES)
  language?: Language;

  /** A name of the IANA time zone database. */
  @ApiPropertyOptional({ maxLength: 64, example: 'Europe/Berlin' })
  @IfGiven<ChangePreferences>('timeZone')
  @IsTimeZone()
  timeZone?: string;
}

/** Whom the bills of an account go to. Numbers of payment cards are never accepted. */
export class BillingView {
  /** The name that the bill is made out to. */
  @ApiProperty({ minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'Analytical Engines Ltd' })
  @IsName()
  legalName!: string;

  /** 1 to 6 lines, without the country. */
  @ApiProperty({ type: [String], minItems: 1, maxItems: 6, example: ['1 Dorset Street', 'London'] })
  @IsPostalAddress()
  addressLines!: string[];

  /** ISO 3166-1 alpha-2. */
  @ApiProperty({ minLength: 2, maxLength: 2, example: 'DE' })
  @IsCountry()
  country!: string;

  /** VAT identification number, EIN or the like, in the form of that country; null for none. */
  @ApiProperty({ type: String, nullable: true, maxLength: TAX_ID_LENGTH_MAX, example: 'DE123456789' })
  @ValidateIf(({ taxId }: BillingView) => taxId !== null)
  @IsString()
  @MaxLength(TAX_ID_LENGTH_MAX)
  @HoldsNoCardNumber()
  taxId!: string | null;
}

/** An account that is about to be erased. */
export class ClosingView {
  /** When it is to be erased; until then the closing can be taken back. */
  @ApiProperty({ type: String, format: 'date-time' })
  closingAt!: Date;
}
