import { ledgerRows } from '../../support/ledger.js';
import { IN_DATABASES } from './plants-in-databases.js';
import { IN_FILES } from './plants-in-files.js';
import { IN_PROCESSES } from './plants-in-processes.js';
import type { Plant } from './planting.js';

/** Every leak that can be planted, in the order of the list. */
export const PLANTS: readonly Plant[] = [...IN_DATABASES, ...IN_FILES, ...IN_PROCESSES].sort((a, b) => a.row - b.row);

/** What the sweep reads of a row of docs/leaks.yaml. */
export interface LeakRow {
  readonly row: number;
  readonly channel: string;
  readonly planted: boolean;
  /** Why the sweep cannot plant it. */
  readonly reason?: string;
}

/** The ledger, as published. */
export const LEAKS = ledgerRows<LeakRow>('docs/leaks.yaml', 'leaks');
