import { ApiProperty } from '@nestjs/swagger';
import { PasskeyView } from '../passkeys/passkey.dto.js';

/** What you can prove yourself with. */
export class FactorsView {
  @ApiProperty()
  hasPassword!: boolean;

  /** Codes from an authenticator app. */
  @ApiProperty()
  hasTotp!: boolean;

  /** Oldest first, 20 at most. */
  @ApiProperty({ type: [PasskeyView] })
  passkeys!: PasskeyView[];

  /** How many recovery codes are left. */
  @ApiProperty({ type: 'integer' })
  recoveryCodesLeft!: number;
}
