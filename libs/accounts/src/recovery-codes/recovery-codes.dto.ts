import { ApiProperty } from '@nestjs/swagger';

/** Recovery codes, shown this once. */
export class RecoveryCodesView {
  /** Ten codes; each stands in once for your authenticator app or passkey. Keep them on paper, or where you keep passwords. */
  @ApiProperty({ type: [String] })
  codes!: string[];
}
