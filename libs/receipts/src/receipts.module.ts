import { type DynamicModule, Module } from '@nestjs/common';
import { Accounts } from '@domicile/accounts';
import { Contexts, Door, Regions } from '@domicile/residency';
import type { Clock, EventLog } from '@domicile/runtime';
import { AccountRows } from './account-rows.js';
import { Inspector } from './inspector.js';
import { ReceiptKeys, type ReceiptKeysFolder } from './receipt-keys.js';
import { Receipts } from './receipts.js';
import type { Issuing } from './residency-receipt.js';

/** What receipts need from the process. */
export interface ReceiptsOptions {
  readonly folders: readonly ReceiptKeysFolder[];
  readonly issuing: Issuing;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Provides {@link Receipts}; the inspection of the databases starts and stops with the application. */
@Module({})
export class ReceiptsModule {
  /** @throws ResidencyError residency.configuration_invalid at boot, when a receipt key cannot be used or is not pinned */
  static forRoot({ folders, issuing, clock, log }: ReceiptsOptions): DynamicModule {
    return {
      module: ReceiptsModule,
      providers: [
        {
          provide: ReceiptKeys,
          inject: [Regions],
          useFactory: (regions: Regions) => new ReceiptKeys(folders, regions),
        },
        { provide: AccountRows, inject: [Door], useFactory: (door: Door) => new AccountRows(door) },
        {
          provide: Inspector,
          inject: [Contexts, Door],
          useFactory: (contexts: Contexts, door: Door) => new Inspector(contexts, door, clock, log),
        },
        {
          provide: Receipts,
          inject: [Door, Accounts, AccountRows, Inspector, ReceiptKeys],
          useFactory: (door: Door, accounts: Accounts, rows: AccountRows, inspector: Inspector, keys: ReceiptKeys) =>
            new Receipts({ door, accounts, rows, inspector, keys, issuing, clock }),
        },
      ],
      exports: [Receipts],
    };
  }
}
