import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { IN_DATABASES } from './plants-in-databases.js';
import { IN_FILES } from './plants-in-files.js';
import { IN_PROCESSES } from './plants-in-processes.js';
import type { Plant } from './planting.js';

/** Every leak that can be planted, in the order of the list. */
export const PLANTS: readonly Plant[] = [...IN_DATABASES, ...IN_FILES, ...IN_PROCESSES].sort((a, b) => a.row - b.row);

/** What docs/leaks.yaml says of a row. */
export interface LeakRow {
  readonly row: number;
  readonly channel: string;
  readonly state: 'closed' | 'not in the product' | 'later';
  /** Which part of the roadmap brings what is missing; for a row that is `later`. */
  readonly part?: string;
  readonly controls: readonly string[];
  readonly proof: readonly { readonly file: string; readonly name: string }[];
  readonly planted: boolean;
  /** Why the sweep cannot plant it. */
  readonly reason?: string;
}

/** The ledger, as published. */
export function leakRows(): LeakRow[] {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/leaks.yaml'), 'utf8');
  return (parse(text) as { leaks: LeakRow[] }).leaks;
}
