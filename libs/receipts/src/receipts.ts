import type { Accounts } from '@domicile/accounts';
import {
  type AccountId,
  type DatabaseIdentity,
  type Door,
  isWrongDatabase,
  receiptKeyFingerprint,
  type RegionContext,
  type ResidencyError,
} from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import type { AccountRows } from './account-rows.js';
import { type Envelope, sealEnvelope } from './dsse.js';
import type { Inspector } from './inspector.js';
import type { ReceiptKeys } from './receipt-keys.js';
import type { ReceiptKeyHistory } from './receipt.dto.js';
import { type Issuing, RECEIPT_TYPE, residencyReceipt } from './residency-receipt.js';

/** What {@link Receipts} is made of. */
export interface ReceiptsParts {
  readonly door: Door;
  readonly accounts: Pick<Accounts, 'keyOf'>;
  readonly rows: AccountRows;
  readonly inspector: Pick<Inspector, 'last'>;
  readonly keys: Pick<ReceiptKeys, 'signer'>;
  readonly issuing: Issuing;
  readonly clock: Clock;
}

/** Shows where an account's data is: measured for each receipt, signed, and able to say no (law L10). */
export class Receipts {
  readonly #parts: ReceiptsParts;

  constructor(parts: ReceiptsParts) {
    this.#parts = parts;
  }

  /**
   * The receipt of this moment, signed. One that does not hold is signed as well: that is what it is for.
   * @throws ResidencyError residency.secret_invalid without a valid session; residency.not_found when there is no such account or the
   *   person has no part in it; residency.unavailable when the database cannot be asked
   */
  async issue(ctx: RegionContext, account: AccountId): Promise<Envelope> {
    const { accounts, rows, inspector, keys, issuing, clock } = this.#parts;
    const dataKey = await accounts.keyOf(ctx, account);
    const { region } = ctx;
    const signer = keys.signer(region);
    const receipt = residencyReceipt({
      region,
      issuing,
      account,
      identity: await this.#identity(ctx),
      rows: await rows.of(ctx, account),
      notCounted: rows.notCounted,
      dataKey,
      inspection: inspector.last(region),
      keyId: signer.keyId,
      at: clock.now(),
    });
    return sealEnvelope(RECEIPT_TYPE, Buffer.from(JSON.stringify(receipt)), signer);
  }

  /** The region's keys, as its public file pins them. */
  history(ctx: RegionContext): ReceiptKeyHistory {
    const { region } = ctx;
    return {
      region: region.code,
      signingKeyId: this.#parts.keys.signer(region).keyId,
      keys: region.receiptKeys.map((pin) => ({
        ...pin,
        algorithm: 'Ed25519',
        sha256: receiptKeyFingerprint(Buffer.from(pin.publicKey, 'base64')),
      })),
    };
  }

  async #identity(ctx: RegionContext): Promise<DatabaseIdentity | { readonly refused: string }> {
    try {
      return await this.#parts.door.identify(ctx);
    } catch (error) {
      if (isWrongDatabase(error)) return { refused: (error as ResidencyError).code };
      throw error;
    }
  }
}
