import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** Planted line and the words of the rule that must catch it. */
const PLANTED: readonly (readonly [code: string, rule: string])[] = [
  ["import { DataSource } from 'typeorm';", 'handle past the door'],
  ["import { Repository } from 'typeorm';", 'handle past the door'],
  ["import { EntityManager } from 'typeorm';", 'handle past the door'],
  ["import { BaseEntity } from 'typeorm';", 'handle past the door'],
  ["import { Raw } from 'typeorm';", 'handle past the door'],
  ["import * as everything from 'typeorm';", 'handle past the door'],
  ["export { Entity } from 'typeorm';", 'handle past the door'],
  ["import type { EntitySchema } from 'typeorm';", 'handle past the door'],
  ["import { getMetadataArgsStorage } from 'typeorm';", 'handle past the door'],
  ["import { InjectRepository } from '@nestjs/typeorm';", 'unguarded handles'],
  ["import pg from 'pg';", 'Only libs/residency talks to PostgreSQL'],
  ['export const client = new pg.Client({});', 'opens a connection'],
  ['export const pool = new pg.Pool({});', 'opens a connection'],
  ['export const source = new DataSource({});', 'opens a connection'],
  ['export const home = process.env.HOME;', 'reads the environment'],
  ["export const region = 'eu';", "No region's name"],
  ["export const id = 'acct_us_';", "No region's name"],
  ['export const origin = `http://eu.localhost`;', "No region's name"],
  ['export const late = forwardRef(() => pool);', 'No forwardRef'],
  ['export default pool;', 'No default exports'],
  ['export const loose: any = 1;', 'Unexpected `any`'],
  ['void 0; Promise.resolve(1);', 'Promises must be awaited'],
  ['export const sure = Math.PI as number;', 'assertion is unnecessary'],
  ['setTimeout(async () => undefined);', 'Promise returned'],
  ["export const parsed: string = JSON.parse('1');", 'Unsafe assignment'],
  ['console.log(1);', 'Unexpected console'],
];

/** What the linter says of one more file beside the real ones: in a folder of its own, with the rules and the packages of the house. */
function lint(code: string, file: string): { line: number; message: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-lint-'));
  try {
    for (const name of ['oxlint.config.ts', 'tsconfig.json']) copyFileSync(join(ROOT, name), join(folder, name));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), code);
    const { stdout } = spawnSync('oxlint', ['--format', 'json', file], { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { message: string; help?: string; labels: { span: { line: number } }[] }[];
    };
    return diagnostics.map(({ message, help, labels }) => ({
      message: `${message} ${help}`,
      line: labels[0]!.span.line,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the lint of the house', () => {
  // One run for all: each reads the types of the whole project.
  const lines = [...PLANTED.map(([code]) => code), "export const word = 'because';"];
  const messages = lint(`${lines.join('\n')}\n`, 'libs/accounts/src/index.ts');

  it.each(PLANTED.map(([code, rule], i) => ({ code, rule, line: i + 1 })))('refuses $code', ({ rule, line }) => {
    expect(messages.filter((message) => message.line === line).map((message) => message.message)).toContainEqual(
      expect.stringContaining(rule),
    );
  });

  it('lets plain code of the same file pass', () => {
    expect(messages.filter(({ line }) => line === lines.length)).toEqual([]);
  });
});
