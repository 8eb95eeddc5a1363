import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One signature over DSSE's pre-authentication encoding of payload type and payload. */
export class ReceiptSignature {
  /** Id of the key: the first half of its SHA-256 fingerprint. */
  @ApiProperty({ pattern: '^ed25519:([0-9a-f]{4}-){7}[0-9a-f]{4}$' })
  keyid!: string;

  /** Ed25519, 64 bytes as base64. */
  @ApiProperty({ pattern: '^[A-Za-z0-9+/]{86}==$' })
  sig!: string;
}

/** A signed residency receipt: a DSSE envelope. Verify it offline with `npm run verify-receipt -- FILE`. */
export class ReceiptEnvelope {
  @ApiProperty({ enum: ['application/vnd.domicile.residency-receipt+json'] })
  payloadType!: string;

  /** base64 of a ResidencyReceipt as JSON: exactly the bytes that were signed. */
  @ApiProperty({ pattern: '^[A-Za-z0-9+/]+={0,2}$' })
  payload!: string;

  /** Exactly one. */
  @ApiProperty({ type: [ReceiptSignature] })
  signatures!: readonly ReceiptSignature[];
}

/** Who is responsible, by the public region file. */
export class ReceiptOwner {
  @ApiProperty()
  name!: string;

  /** ISO 3166-1 alpha-2. */
  @ApiProperty({ pattern: '^[A-Z]{2}$' })
  country!: string;
}

/** The region that states it. */
export class ReceiptIssuer {
  @ApiProperty({ pattern: '^[a-z]{2,8}$' })
  region!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 1023 })
  number!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  jurisdiction!: string;

  @ApiProperty()
  owner!: ReceiptOwner;

  @ApiProperty()
  origin!: string;
}

/** What the database proved to be. */
export class ReceiptDatabase {
  /** Random, given at its sealing, for life. */
  @ApiProperty()
  database!: string;

  /** PostgreSQL's identity of the server. */
  @ApiProperty()
  systemIdentifier!: string;

  /** Counts re-sealings. */
  @ApiProperty({ type: 'integer', minimum: 1 })
  epoch!: number;

  @ApiProperty({ type: String, format: 'date-time' })
  sealedAt!: string;
}

/** One table's rows of the account. */
export class ReceiptRows {
  @ApiProperty()
  table!: string;

  /** The account's own rows, or those of the people in it. */
  @ApiProperty({ enum: ['account', 'people'] })
  tie!: 'account' | 'people';

  @ApiProperty({ type: 'integer', minimum: 0 })
  rows!: number;

  /** How many of them have ids of this region alone. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  home!: number;
}

/** The account that it is about. */
export class ReceiptAccount {
  @ApiProperty()
  id!: string;

  /** Id of the key that its personal fields are sealed under. */
  @ApiProperty()
  dataKey!: string;

  @ApiProperty({ type: [ReceiptRows] })
  rows!: ReceiptRows[];

  /** Tables that hold no id of the account or its people, and so are in no count. */
  @ApiProperty({ type: [String] })
  notCounted!: string[];
}

/** Something that the software measured. */
export class MeasuredFact {
  @ApiProperty()
  fact!: string;

  @ApiProperty()
  value!: string;

  @ApiProperty()
  holds!: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  measuredAt!: string;
}

/** Something that no software can measure, and who says it. */
export class AttestedFact {
  @ApiProperty()
  fact!: string;

  @ApiProperty()
  value!: string;

  @ApiProperty()
  by!: string;
}

/** What an envelope's payload says. */
export class ResidencyReceipt {
  @ApiProperty({ type: 'integer', minimum: 1 })
  format!: number;

  /** True when every measured fact holds. */
  @ApiProperty()
  holds!: boolean;

  /** One sentence for each fact that does not; empty when it holds. */
  @ApiProperty({ type: [String] })
  because!: string[];

  @ApiProperty({ type: String, format: 'date-time' })
  issuedAt!: string;

  /** Until then it may be shown as current. */
  @ApiProperty({ type: String, format: 'date-time' })
  validUntil!: string;

  @ApiProperty()
  issuer!: ReceiptIssuer;

  @ApiProperty()
  stack!: string;

  @ApiProperty()
  environment!: string;

  /** `separate`: the process holds this region alone; `combined`: several, for development and tests. */
  @ApiProperty({ enum: ['separate', 'combined'] })
  topology!: string;

  /** Null when the database could not be proven. */
  @ApiProperty({ type: ReceiptDatabase, nullable: true })
  database!: ReceiptDatabase | null;

  @ApiProperty()
  account!: ReceiptAccount;

  @ApiProperty({ type: [MeasuredFact] })
  measured!: MeasuredFact[];

  @ApiProperty({ type: [AttestedFact] })
  attested!: AttestedFact[];
}

/** A public key that receipts of a region are signed with. */
export class ReceiptKeyView {
  @ApiProperty({ pattern: '^ed25519:([0-9a-f]{4}-){7}[0-9a-f]{4}$' })
  keyId!: string;

  /** SPKI DER as base64. */
  @ApiProperty()
  publicKey!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  from!: string;

  /** Once a newer key has taken over. */
  @ApiPropertyOptional({ type: String, format: 'date-time' })
  until?: string;
}

/** The same with its whole fingerprint. */
export class FingerprintedKeyView extends ReceiptKeyView {
  @ApiProperty({ enum: ['Ed25519'] })
  algorithm!: string;

  /** SHA-256 of the SPKI DER. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  sha256!: string;
}

/** Every key that this region's receipts were signed with, oldest first, as the public region file pins them. */
export class ReceiptKeyHistory {
  @ApiProperty({ pattern: '^[a-z]{2,8}$' })
  region!: string;

  /** The one that signs now. */
  @ApiProperty()
  signingKeyId!: string;

  @ApiProperty({ type: [FingerprintedKeyView] })
  keys!: FingerprintedKeyView[];
}
