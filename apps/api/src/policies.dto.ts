import { ApiProperty } from '@nestjs/swagger';

/** A document in another language than that in which it is binding. */
export class TranslationView {
  /** ISO 639-1. */
  @ApiProperty({ example: 'de' })
  language!: string;

  /** Markdown. */
  @ApiProperty()
  text!: string;
}

/** One version of a published document. */
export class PolicyView {
  @ApiProperty({ example: 'privacy-notice' })
  kind!: string;

  /** What a signup sends as `acceptedPolicyVersion`. */
  @ApiProperty({ example: '2026-11-01' })
  version!: string;

  @ApiProperty({ type: String, format: 'date' })
  effectiveFrom!: string;

  /** SHA-256 of `text` in UTF-8, hex: what an acceptance records. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  sha256!: string;

  /** Markdown. */
  @ApiProperty()
  text!: string;

  /** The same to read by: neither accepted nor part of what is hashed. */
  @ApiProperty({ type: [TranslationView] })
  translations!: readonly TranslationView[];
}
