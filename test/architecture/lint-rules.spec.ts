import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** Planted line and the words of the rule that must catch it. */
const PLANTED: readonly (readonly [code: string, rule: string])[] = [
  ["import { DataSource } from 'typeorm';", 'handle past the door'],
  ["import { Repository } from 'typeorm';", 'handle past the door'],
  ["import { EntityManager } from 'typeorm';", 'handle past the door'],
  ["import { BaseEntity } from 'typeorm';", 'handle past the door'],
  ["import { Raw } from 'typeorm';", 'handle past the door'],
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
  ['export const loose: any = 1;', 'Unexpected any'],
  ['void 0; Promise.resolve(1);', 'Promises must be awaited'],
  ['console.log(1);', 'Unexpected console'],
];

function lint(code: string, file: string): { line: number; message: string }[] {
  const run = (): string =>
    execFileSync('eslint', ['--stdin', '--stdin-filename', file, '--format', 'json'], {
      cwd: ROOT,
      input: code,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
  let out: string;
  try {
    out = run();
  } catch (error) {
    out = (error as { stdout: string }).stdout;
  }
  return (JSON.parse(out) as { messages: { line: number; message: string }[] }[])[0]!.messages;
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
