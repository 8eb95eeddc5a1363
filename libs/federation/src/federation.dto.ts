import { HoldsNoCardNumber, IsEmailAddress, IsMailDomain, WithSessionForm } from '@domicile/accounts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, ValidateIf } from 'class-validator';

const ISSUER_LENGTH_MAX = 500;
const CREDENTIAL_LENGTH_MAX = 500;
const CODE_LENGTH_MAX = 4096;

/** What has to stand in the DNS of a domain. */
export class DomainRecordView {
  @ApiProperty({ example: '_domicile-challenge.example.org' })
  name!: string;

  @ApiProperty({ example: 'TXT' })
  type!: string;

  /** The whole text of one record; others of the same name do not matter. */
  @ApiProperty({ example: 'domicile-verification=xx.0123456789abcdefghijklmnopqrstuv' })
  value!: string;
}

/** What a claimed domain can be. */
export const DOMAIN_STATES = ['pending', 'verified', 'missing'] as const;
export type DomainState = (typeof DOMAIN_STATES)[number];

/** A mail domain that the account claims. */
export class DomainView {
  @ApiProperty()
  id!: string;

  /** In A-labels. */
  @ApiProperty({ example: 'example.org' })
  domain!: string;

  /** `pending` counts for nothing yet; `missing` still counts, but its record was not found lately. */
  @ApiProperty({ enum: DOMAIN_STATES })
  status!: DomainState;

  @ApiProperty()
  record!: DomainRecordView;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  verifiedAt!: Date | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  missingSince!: Date | null;

  /** When it is pending again unless the record comes back. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lapsesAt!: Date | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;
}

/** The domains of an account, in the order in which they were claimed. */
export class DomainList {
  @ApiProperty({ type: [DomainView] })
  domains!: DomainView[];
}

/** Claims a domain. */
export class ClaimDomain {
  /** What stands behind the @ in its people's addresses. */
  @ApiProperty({ maxLength: 253, example: 'example.org' })
  @IsMailDomain()
  @HoldsNoCardNumber()
  domain!: string;
}

/** The account's own OpenID provider, without its secret. */
export class ProviderView {
  @ApiProperty({ example: 'https://login.example.org' })
  issuer!: string;

  @ApiProperty({ example: 'domicile' })
  clientId!: string;

  /** What to register there; the same for every account of the region. */
  @ApiProperty()
  redirectUri!: string;
}

/** Sets the account's own OpenID provider, in the place of the one before. */
export class SetProvider {
  /** Its https address, as it writes it itself. */
  @ApiProperty({
    maxLength: ISSUER_LENGTH_MAX,
    pattern: '^https:[/]{2}[^?#@\\s]+$',
    example: 'https://login.example.org',
  })
  @IsString()
  @MaxLength(ISSUER_LENGTH_MAX)
  @Matches(/^https:\/\/[^?#@\s]+$/)
  @HoldsNoCardNumber()
  issuer!: string;

  /** What it calls us. */
  @ApiProperty({ minLength: 1, maxLength: CREDENTIAL_LENGTH_MAX, pattern: '^[ -~]+$', example: 'domicile' })
  @IsString()
  @MaxLength(CREDENTIAL_LENGTH_MAX)
  @Matches(/^[ -~]+$/)
  @HoldsNoCardNumber()
  clientId!: string;

  /** Kept sealed, and shown to nobody again. */
  @ApiProperty({ minLength: 1, maxLength: CREDENTIAL_LENGTH_MAX, pattern: '^[ -~]+$', format: 'password' })
  @IsString()
  @MaxLength(CREDENTIAL_LENGTH_MAX)
  @Matches(/^[ -~]+$/)
  @HoldsNoCardNumber()
  clientSecret!: string;
}

/** Begins a sign-in with a provider. */
export class BeginProviderSignIn {
  /** Your e-mail address; only its domain is looked at. */
  @ApiProperty({ maxLength: 254, example: 'ada@example.org' })
  @IsEmailAddress()
  email!: string;
}

/** A sign-in that waits for the provider's answer. */
export class PendingProviderSignInView {
  /** Comes back from the provider as `state`. */
  @ApiProperty()
  id!: string;

  /** The secret of this sign-in, for the browser that began it: send it as `Authorization: Bearer …` with the provider's answer. It is shown this once. */
  @ApiProperty()
  token!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** A sign-in begun with a provider. */
export class ProviderSignInBegun {
  @ApiProperty()
  signIn!: PendingProviderSignInView;

  /** Where the browser goes next: the provider's own sign-in. */
  @ApiProperty()
  continueAt!: string;
}

/** What the provider has sent back. */
export class CompleteProviderSignIn extends WithSessionForm {
  /** `code` of the query. */
  @ApiProperty({ minLength: 1, maxLength: CODE_LENGTH_MAX, pattern: '^[ -~]+$' })
  @IsString()
  @MaxLength(CODE_LENGTH_MAX)
  @Matches(/^[ -~]+$/)
  code!: string;

  /** `iss` of the query, where there is one (RFC 9207). */
  @ApiPropertyOptional({ maxLength: ISSUER_LENGTH_MAX })
  @ValidateIf(({ iss }: CompleteProviderSignIn) => iss !== undefined)
  @IsString()
  @MaxLength(ISSUER_LENGTH_MAX)
  iss?: string;
}
