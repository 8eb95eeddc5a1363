import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');

/** A test, as a ledger names it. */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

/** One list of a ledger in `docs`. */
export function ledgerRows<Row>(file: string, list: string): Row[] {
  return (parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, Row[]>)[list]!;
}

/** Files that a ledger names and that are not there. */
export function missingFiles(files: readonly string[]): string[] {
  return files.filter((file) => !existsSync(join(ROOT, file)));
}

/** Tests that a ledger names and that are not there, by file or by name. */
export function missingTests(tests: readonly NamedTest[]): NamedTest[] {
  return tests.filter(
    ({ file, name }) =>
      missingFiles([file]).length > 0 || !readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'").includes(name),
  );
}
