/**
 * Writes what is rendered from the code: docs/openapi.json, docs/errors.md and the configuration table in the README (`npm run generate`).
 * Works from dist/, so that what is documented is what was built. With `--check` it writes nothing and exits 1 when a file differs,
 * naming each. Usage: node tools/generate-docs.mjs [--check] [--root FOLDER]   FOLDER stands in for the project (tests).
 */
import 'reflect-metadata';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../dist/apps/api/src/app.module.js';
import { CATALOGUE } from '../dist/apps/api/src/catalogue.js';
import { describe } from '../dist/apps/api/src/openapi/document.js';
import { SETTINGS_TABLE } from '../dist/libs/runtime/src/index.js';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, root: { type: 'string' } } });
const root = values.root ?? join(dirname(fileURLToPath(import.meta.url)), '..');
const [BEGIN, END] = ['<!-- settings:begin -->', '<!-- settings:end -->'];

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('<', '&lt;');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

/** Nest's preview mode reads the decorators without making a single provider: no settings and no database are needed. */
async function openApi() {
  const app = await NestFactory.create(AppModule.forPreview(), new FastifyAdapter(), { preview: true, logger: false });
  return `${JSON.stringify(describe(app), null, 2)}\n`;
}

function errors() {
  const rows = Object.entries(CATALOGUE)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { status, title, detail }]) => [`\`${code}\``, status, cell(title), cell(detail)]);
  return `# Errors

Every error that the API answers with, as \`application/problem+json\` (RFC 9457): \`code\`, \`status\`, \`title\` and \`detail\` are those of this
closed table, word for word; nothing that a request or a row holds is ever repeated. \`errors\` lists refused fields by RFC 6901 pointer.
A 421 carries \`hostingRegion\` with the origin that serves what was asked for. Written by \`npm run generate\` from the catalogues of the code.

${table(['code', 'status', 'title', 'detail'], rows)}`;
}

function readme(text) {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no block from ${BEGIN} to ${END}; put both lines back.`);
  const rows = SETTINGS_TABLE.map(({ name, default: standard, meaning, reader }) => [
    `\`${name}\``,
    cell(standard),
    cell(meaning),
    { every: 'every process', api: 'API, worker', worker: 'worker', command: '`domicile` alone' }[reader],
  ]);
  const block = table(['variable', 'default', 'meaning', 'read by'], rows);
  const note =
    '`npm start` needs none of them: the `domicile` command sets what is required for the processes that it starts.';
  return `${text.slice(0, begin)}${BEGIN}\n\n${note}\n\n${block}\n${text.slice(end)}`;
}

const read = (name) => (existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : undefined);
const wanted = {
  'docs/openapi.json': await openApi(),
  'docs/errors.md': errors(),
  'README.md': readme(read('README.md') ?? ''),
};
const stale = Object.keys(wanted).filter((name) => read(name) !== wanted[name]);
if (values.check && stale.length > 0) {
  process.stderr.write(`${stale.join(', ')} no longer say what the code does; run "npm run generate".\n`);
  process.exit(1);
}
if (!values.check) {
  mkdirSync(join(root, 'docs'), { recursive: true });
  for (const name of stale) writeFileSync(join(root, name), wanted[name]);
  process.stdout.write(stale.length > 0 ? `Written: ${stale.join(', ')}.\n` : 'Everything is up to date.\n');
}
process.exit(0);
