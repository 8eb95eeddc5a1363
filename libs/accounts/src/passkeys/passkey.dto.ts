import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  Equals,
  IsArray,
  IsDefined,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsName, NAME_LENGTH_MAX } from '../text-rules.js';

/** Bytes that an authenticator may send, as base64url; nothing of any is near this. */
const BYTES_LENGTH_MAX = 16_384;
/** A credential id has 1023 bytes at most (WebAuthn section 4). */
const CREDENTIAL_ID_LENGTH_MAX = 1364;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const bytes = { pattern: '^[A-Za-z0-9_-]+$', maxLength: BYTES_LENGTH_MAX } as const;
const credentialId = { pattern: '^[A-Za-z0-9_-]+$', maxLength: CREDENTIAL_ID_LENGTH_MAX } as const;

/** What a browser says about itself and the passkey, beside what is signed: taken, and not looked at. */
class FromTheBrowser {
  @ApiProperty({ enum: ['public-key'] })
  @Equals('public-key')
  type!: 'public-key';

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 40 })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  authenticatorAttachment?: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject()
  clientExtensionResults!: Record<string, unknown>;
}

/** The signed part of a new passkey. */
export class AttestationResponse {
  @ApiProperty(bytes)
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  clientDataJSON!: string;

  @ApiProperty(bytes)
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  attestationObject!: string;

  @ApiPropertyOptional({ type: [String], maxItems: 10 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[a-z-]{1,20}$/, { each: true })
  transports?: string[];

  /** Read from the attestation object, not from here. */
  @ApiPropertyOptional(bytes)
  @IsOptional()
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  authenticatorData?: string;

  /** Read from the attestation object, not from here. */
  @ApiPropertyOptional(bytes)
  @IsOptional()
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  publicKey?: string;

  /** Read from the attestation object, not from here. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @IsInt()
  publicKeyAlgorithm?: number;
}

/** A new passkey: `toJSON()` of what `navigator.credentials.create()` gave. */
export class NewPasskey extends FromTheBrowser {
  @ApiProperty(credentialId)
  @Matches(BASE64URL)
  @MaxLength(CREDENTIAL_ID_LENGTH_MAX)
  id!: string;

  @ApiProperty(credentialId)
  @Matches(BASE64URL)
  @MaxLength(CREDENTIAL_ID_LENGTH_MAX)
  rawId!: string;

  @ApiProperty()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AttestationResponse)
  response!: AttestationResponse;
}

/** The signed part of a passkey's answer. */
export class AssertionResponse {
  @ApiProperty(bytes)
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  clientDataJSON!: string;

  @ApiProperty(bytes)
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  authenticatorData!: string;

  @ApiProperty(bytes)
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  signature!: string;

  @ApiPropertyOptional({ type: String, nullable: true, ...bytes })
  @IsOptional()
  @Matches(BASE64URL)
  @MaxLength(BYTES_LENGTH_MAX)
  userHandle?: string | null;
}

/** A passkey's answer: `toJSON()` of what `navigator.credentials.get()` gave. */
export class PasskeyAnswer extends FromTheBrowser {
  @ApiProperty(credentialId)
  @Matches(BASE64URL)
  @MaxLength(CREDENTIAL_ID_LENGTH_MAX)
  id!: string;

  @ApiProperty(credentialId)
  @Matches(BASE64URL)
  @MaxLength(CREDENTIAL_ID_LENGTH_MAX)
  rawId!: string;

  @ApiProperty()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AssertionResponse)
  response!: AssertionResponse;
}

/** A passkey to be added. */
export class AddPasskey {
  @ApiProperty()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => NewPasskey)
  passkey!: NewPasskey;

  /** What you call it; may be left out. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'My phone' })
  @IsOptional()
  @IsName()
  label?: string | null;
}

/** A change of a passkey. */
export class ChangePasskey {
  /** What you call it from now on; null for nothing. */
  @ApiProperty({ type: String, nullable: true, minLength: 1, maxLength: NAME_LENGTH_MAX, example: 'My phone' })
  @ValidateIf(({ label }: ChangePasskey) => label !== null)
  @IsName()
  label!: string | null;
}

/** A passkey, as its owner sees it. */
export class PasskeyView {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  label!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastUsedAt!: Date | null;
}
