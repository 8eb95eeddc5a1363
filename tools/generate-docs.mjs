/**
 * Writes what is rendered from the code: docs/openapi.json, docs/errors.md, what libs/api-client knows of both and of the personal
 * fields, and the configuration table in the README (`npm run generate`).
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
import openapiTS, { astToString } from 'openapi-typescript';
import { AppModule } from '../dist/apps/api/src/app.module.js';
import { CATALOGUE } from '../dist/apps/api/src/catalogue.js';
import { describe } from '../dist/apps/api/src/openapi/document.js';
import { ACCOUNT_EVENTS, PERSON_EVENTS } from '../dist/libs/accounts/src/index.js';
import { declarations } from '../dist/libs/residency/src/index.js';
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
  return describe(app);
}

/** The types of libs/api-client. A refusal has one shape whatever its status, so one stands for all: the codes are in docs/errors.md. */
async function clientTypes(document) {
  const REFUSED = 'application/problem+json';
  const { schema } = document.paths['/v1/me'].get.responses['401'].content[REFUSED];
  const REFUSAL = { description: 'A refusal.', content: { [REFUSED]: { schema } } };
  const slim = structuredClone(document);
  for (const operation of Object.values(slim.paths).flatMap(Object.values)) {
    const answers = Object.entries(operation.responses).filter(([status]) => status < '400');
    operation.responses = { ...Object.fromEntries(answers), default: REFUSAL };
  }
  // Examples are for readers of the document: beside types they would be its larger half.
  delete slim.components.examples;
  const plain = JSON.parse(JSON.stringify(slim.paths, (key, value) => (key === 'example' ? undefined : value)));
  const types = astToString(await openapiTS({ ...slim, paths: plain }, { exportType: true, alphabetize: true }));
  return `/** The API as types. Written by \`npm run generate\` from docs/openapi.json; not to be edited. */\n\n${types}`;
}

/** What forms say of the fields they ask for: by set and field, as declared beside the entities. */
function personalFields() {
  const sets = new Map();
  for (const { sealed } of declarations()) for (const set of sealed.values()) sets.set(set.name, set.fields);
  const fields = [...sets]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, declared]) => {
      const shown = [...declared].map(([field, { purpose, optional, retention }]) => [
        field,
        { purpose, optional, retention },
      ]);
      return [name, Object.fromEntries(shown)];
    });
  const json = JSON.stringify(Object.fromEntries(fields), null, 2);
  return `/** Every personal field that the product declares: why it is held, whether it may be left out, how long it is kept. Written by \`npm run generate\`. */
export const PERSONAL_FIELDS = ${json} as const;
`;
}

/** The codes of the catalogue, so that the web has words for each. */
function errorCodes() {
  const codes = Object.keys(CATALOGUE).sort();
  return `/** Every error code of the API. Written by \`npm run generate\`. */
export type ErrorCode =
${codes.map((code) => `  | '${code}'`).join('\n')};
`;
}

/** What a security log can tell, so that the web has words for each. */
function eventKinds() {
  const union = (words) => words.map((word) => `  | '${word}'`).join('\n');
  return `/** Every kind of event of a person's and of an account's security log. Written by \`npm run generate\`. */
export type PersonEventKind =
${union(PERSON_EVENTS)};
export type AccountEventKind =
${union(ACCOUNT_EVENTS)};
`;
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
const document = await openApi();
const wanted = {
  'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'libs/api-client/src/schema.ts': await clientTypes(document),
  'libs/api-client/src/personal-fields.ts': personalFields(),
  'libs/api-client/src/error-codes.ts': errorCodes(),
  'libs/api-client/src/event-kinds.ts': eventKinds(),
  'docs/errors.md': errors(),
  'README.md': readme(read('README.md') ?? ''),
};
const stale = Object.keys(wanted).filter((name) => read(name) !== wanted[name]);
if (values.check && stale.length > 0) {
  process.stderr.write(`${stale.join(', ')} no longer say what the code does; run "npm run generate".\n`);
  process.exit(1);
}
if (!values.check) {
  for (const name of stale) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), wanted[name]);
  }
  process.stdout.write(stale.length > 0 ? `Written: ${stale.join(', ')}.\n` : 'Everything is up to date.\n');
}
process.exit(0);
