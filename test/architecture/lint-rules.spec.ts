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

/** The same in a page of the web: words that stand in no catalogue, and what is none. */
const PLANTED_IN_A_PAGE: readonly (readonly [code: string, isWord: boolean])[] = [
  ['export const text = <p>Welcome</p>;', true],
  ['export const fragment = <>Willkommen</>;', true],
  ["export const quoted = <p>{'Welcome'}</p>;", true],
  ['export const label = <p title="Welcome" />;', true],
  ["export const braced = <p aria-label={'Welcome'} />;", true],
  ["export const either = <img alt={quoted ? 'a' : ''} />;", true],
  ['export const digits = <p title="123 456">{label}·</p>;', false],
  ['export const command = <Code>npm start</Code>;', false],
  ['export const kept = <input autoComplete="off" name="code" />;', false],
];

const SOURCE = 'libs/accounts/src/index.ts';
const PAGE = 'apps/web/src/page.tsx';

interface Said {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What the linter says of more files beside the real ones: in a folder of their own, with the rules and the packages of the house. */
function lint(files: Readonly<Record<string, string>>): Said[] {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-lint-'));
  try {
    for (const name of ['oxlint.config.ts', 'tsconfig.json']) copyFileSync(join(ROOT, name), join(folder, name));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, code] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), code);
    }
    const { stdout } = spawnSync('oxlint', ['--format', 'json', ...Object.keys(files)], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { filename: string; message: string; help?: string; labels: { span: { line: number } }[] }[];
    };
    return diagnostics.map(({ filename: file, message, help, labels }) => ({
      file,
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
  const page = PLANTED_IN_A_PAGE.map(([code]) => code);
  const said = lint({ [SOURCE]: `${lines.join('\n')}\n`, [PAGE]: `${page.join('\n')}\n` });
  const messages = said.filter(({ file }) => file.endsWith(SOURCE));

  it.each(PLANTED.map(([code, rule], i) => ({ code, rule, line: i + 1 })))('refuses $code', ({ rule, line }) => {
    expect(messages.filter((message) => message.line === line).map((message) => message.message)).toContainEqual(
      expect.stringContaining(rule),
    );
  });

  it.each(PLANTED_IN_A_PAGE.map(([code, isWord], i) => ({ code, isWord, line: i + 1 })))(
    'tells words of a page that stand in no catalogue: $code',
    ({ isWord, line }) => {
      const words = said.filter(
        (each) => each.file.endsWith(PAGE) && each.line === line && each.message.includes('stands in the catalogues'),
      );
      expect(words.length).toBe(isWord ? 1 : 0);
    },
  );

  it('lets plain code of the same file pass', () => {
    expect(messages.filter(({ line }) => line === lines.length)).toEqual([]);
  });
});
