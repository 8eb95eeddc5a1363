import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

/** What an authenticator app is to be given; shown this once. */
export class TotpOffer {
  /** Base32, for typing. */
  @ApiProperty()
  secret!: string;

  /** The same as an address that apps open. It names the region, and nothing of you. */
  @ApiProperty()
  uri!: string;

  /** The same as a picture to be scanned: one SVG element. */
  @ApiProperty()
  qrCode!: string;
}

/** Proof that the app has it. */
export class ConfirmTotp {
  /** The six digits that the app shows now. */
  @ApiProperty({ pattern: '^[0-9]{6}$', example: '123456' })
  @Matches(/^[0-9]{6}$/)
  code!: string;
}
