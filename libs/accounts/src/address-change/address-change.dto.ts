import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { AskedRecoveryView } from '../recovery/recovery.dto.js';
import { IsNewEmailAddress } from '../text-rules.js';

/** Another address. */
export class AskForAddressChange {
  /** The address to be. A code is sent there; it must be yours alone. */
  @ApiProperty({ maxLength: 254, example: 'ada@example.org' })
  @IsNewEmailAddress()
  email!: string;
}

/** A change of address that waits for its code. */
export class AskedAddressChangeView {
  @ApiProperty()
  id!: string;

  /** Until when it can be confirmed. */
  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}

/** Answer to a change of address: the same whether the address is free or taken. */
export class AddressChangeAnswer {
  @ApiProperty()
  addressChange!: AskedAddressChangeView;
}

/** Proof of the mailbox. */
export class ConfirmAddressChange {
  /** The eight digits from the mail. */
  @ApiProperty({ pattern: '^[0-9]{8}$', example: '12345678' })
  @Matches(/^[0-9]{8}$/)
  code!: string;
}

/** A change of address made. */
export class ChangedAddressView {
  /** As typed; sign in with it from now on. */
  @ApiProperty()
  email!: string;

  /** Until when the owner of the address from before can undo the change. */
  @ApiProperty({ type: String, format: 'date-time' })
  undoUntil!: Date;
}

/** Proof of the mailbox from before. */
export class UndoAddressChange {
  /** The code from the mail that announced the change. */
  @ApiProperty({ pattern: '^[A-Za-z0-9_-]{32}$', example: 'oKq3Zk0cYt0bHn1r2sVwXyZ_-aBcDeFg' })
  @Matches(/^[A-Za-z0-9_-]{32}$/)
  code!: string;
}

/** A change of address undone: the recovery that it began sets a new password, by a code that is mailed to the address from before. */
export class UndoneAddressChange {
  @ApiProperty()
  recovery!: AskedRecoveryView;
}
