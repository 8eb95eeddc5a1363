import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT_ERRORS } from '@domicile/accounts';
import { FEDERATION_ERRORS } from '@domicile/federation';
import { OIDC_ERRORS } from '@domicile/oidc';
import { RESIDENCY_ERRORS, declarations } from '@domicile/residency';
import { ID_PREFIXES, REQUEST_ERRORS, SECRET_PREFIXES, SETTINGS_TABLE, mergeCatalogues } from '@domicile/runtime';
import { VAULT_ERRORS } from '@domicile/vault';
import ts from 'typescript';
import { CATALOGUE } from '../../apps/api/src/catalogue.js';
import { ENTITIES, KEY_STORE_TABLES } from '../../apps/cli/src/migrations/index.js';
import { type Document, operationsOf, violations } from '../support/openapi.js';

const ROOT = join(import.meta.dirname, '../..');
const CATALOGUES = { REQUEST_ERRORS, RESIDENCY_ERRORS, VAULT_ERRORS, ACCOUNT_ERRORS, OIDC_ERRORS, FEDERATION_ERRORS };

const GENERATED = [
  'README.md',
  'docs/openapi.json',
  'docs/errors.md',
  ...['schema', 'personal-fields', 'error-codes', 'event-kinds'].map((name) => `libs/api-client/src/${name}.ts`),
];

function generate(...words: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools/generate-docs.mjs'), ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { status, said: stdout + stderr };
}

describe('the generated documents', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'domicile-docs-'));
    for (const file of GENERATED) cpSync(join(ROOT, file), join(copy, file));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('say what the code does', () => {
    expect(generate('--check')).toEqual({ status: 0, said: '' });
  });

  it('are noticed when they do not, and written anew', () => {
    const edit = (file: string, from: string, to: string): void => {
      const text = readFileSync(join(copy, file), 'utf8');
      expect(text).toContain(from);
      writeFileSync(join(copy, file), text.replace(from, to));
    };
    edit('docs/openapi.json', '"/v1/me"', '"/v1/you"');
    edit('docs/errors.md', '| 421 |', '| 422 |');
    edit('README.md', '`DOMICILE_HOME`', '`DOMICILE_HOUSE`');
    const files = 'docs/openapi.json, docs/errors.md, README.md';
    expect(generate('--check', '--root', copy)).toEqual({
      status: 1,
      said: `${files} no longer say what the code does; run "npm run generate".\n`,
    });
    expect(generate('--root', copy).said).toBe(`Written: ${files}.\n`);
    // As those that were found to say what the code does.
    for (const file of GENERATED)
      expect(readFileSync(join(copy, file), 'utf8')).toBe(readFileSync(join(ROOT, file), 'utf8'));
  }, 60_000);

  it('list every error and every setting once', () => {
    const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect([...errors.matchAll(/^\| `([^`]+)`/gm)].map(([, code]) => code)).toEqual(Object.keys(CATALOGUE).sort());
    expect([...readme.matchAll(/^\| `([A-Z_<>]+)`/gm)].map(([, name]) => name)).toEqual(
      SETTINGS_TABLE.map(({ name }) => name),
    );
  });
});

describe('the description of the API', () => {
  const document = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')) as Document;
  const operations = Object.entries(operationsOf(document));

  it.each(operations)('shows of %s an example of each message, which its own schema allows', (_name, operation) => {
    const succeeded = Object.entries(operation.responses).filter(([status]) => status < '400');
    const messages = [operation.requestBody, ...succeeded.map(([, answer]) => answer)].flatMap((each) =>
      Object.entries(each?.content ?? {}),
    );
    for (const [type, { schema, example }] of messages) {
      expect(example).toBeDefined();
      const shown = type === 'application/x-ndjson' ? (JSON.parse(example as string) as unknown) : example;
      expect(violations(document, schema, shown)).toEqual([]);
    }
  });

  it.each(operations)('shows each refusal of %s as it is answered', (_name, operation) => {
    for (const [status, { description, content = {} }] of Object.entries(operation.responses)) {
      if (status < '400') continue;
      const { examples = {} } = content['application/problem+json']!;
      const codes = [...description.matchAll(/^`([^`]+)`: /gm)].map(([, code]) => code!);
      expect(Object.keys(examples)).toEqual(codes);
      for (const code of codes) {
        const { value } = document.components.examples![examples[code]!.$ref.replace('#/components/examples/', '')]!;
        expect(value).toMatchObject({ code, status: Number(status), type: `urn:domicile:error:${code}` });
        expect(violations(document, content['application/problem+json']!.schema, value)).toEqual([]);
      }
    }
  });
});

describe('the catalogue of errors', () => {
  const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.spec.ts'));
  const sources = files.map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  });

  /** Every piece of the syntax of every source. */
  function* nodes(): Generator<{ node: ts.Node; file: string }> {
    const below = function* (node: ts.Node): Generator<ts.Node> {
      yield node;
      for (const child of node.getChildren()) yield* below(child);
    };
    for (const source of sources) for (const node of below(source)) yield { node, file: source.fileName };
  }

  it('has each code in one list alone, under a status that means an error', () => {
    const codes = Object.values(CATALOGUES).flatMap((catalogue) => Object.keys(catalogue));
    expect(codes.length).toBe(new Set(codes).size);
    expect(Object.keys(CATALOGUE).sort()).toEqual(codes.sort());
    for (const [code, { status, title, detail }] of Object.entries(CATALOGUE)) {
      expect(code).toMatch(/^[a-z]+\.[a-z]+(_[a-z]+)*$/);
      expect([code, status >= 400 && status < 600]).toEqual([code, true]);
      expect([code, title]).toEqual([code, expect.stringMatching(/^[A-Z][A-Za-z ]+$/)]);
      expect([code, detail]).toEqual([code, expect.stringMatching(/^[A-Z].*\.$/s)]);
    }
    expect(() => mergeCatalogues(REQUEST_ERRORS, { 'request.invalid': REQUEST_ERRORS['request.invalid'] })).toThrow(
      'request.invalid',
    );
  });

  it('is the whole of it: every catalogue in the sources is merged', () => {
    // The front door answers with pages, and has a catalogue of its own.
    const declared = [...nodes()].flatMap(({ node, file }) =>
      ts.isVariableDeclaration(node) && /_ERRORS$/.test(node.name.getText()) && !file.startsWith('apps/front-door/')
        ? [node.name.getText()]
        : [],
    );
    expect(declared.sort()).toEqual(Object.keys(CATALOGUES).sort());
  });

  it('knows every code that is thrown', () => {
    const thrown = [...nodes()].flatMap(({ node, file }) => {
      if (!ts.isNewExpression(node) || !['Problem', 'ResidencyError'].includes(node.expression.getText())) return [];
      const [first] = node.arguments ?? [];
      return first && ts.isStringLiteral(first) ? [{ code: first.text, file }] : [];
    });
    expect(thrown.length).toBeGreaterThan(50);
    expect(thrown.filter(({ code }) => !Object.hasOwn(CATALOGUE, code))).toEqual([]);
  });

  it('has no code that nothing answers with', () => {
    // A catalogue's own line is a property's name, and the lists of the documentation throw nothing.
    const used = [...nodes()].flatMap(({ node, file }) =>
      ts.isStringLiteral(node) &&
      !file.startsWith('apps/api/') &&
      !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)
        ? [node.text]
        : [],
    );
    expect(Object.keys(CATALOGUE).filter((code) => !used.includes(code))).toEqual([]);
  });
});

describe('the registry of prefixes', () => {
  it('is that of the declared tables, each once, and apart from the secrets', () => {
    expect(new Set([...ENTITIES, ...KEY_STORE_TABLES]).size).toBe(declarations().length);
    const declared = declarations().flatMap(({ prefix }) => (prefix === undefined ? [] : [prefix]));
    expect(declared.sort()).toEqual(Object.values<string>(ID_PREFIXES).sort());
    const all = [...Object.values<string>(ID_PREFIXES), ...Object.values<string>(SECRET_PREFIXES)];
    expect(all.length).toBe(new Set(all).size);
    for (const prefix of all) expect(prefix).toMatch(/^[a-z]{2,8}$/);
  });

  it('is told in full where it stands', () => {
    const text = readFileSync(join(ROOT, 'libs/runtime/src/id-prefixes.ts'), 'utf8');
    const rows = [...text.matchAll(/^ \* \| (\w+) \| `(\w+)` \| .+ \|$/gm)].map(([, kind, prefix]) => [kind, prefix]);
    expect(Object.fromEntries(rows)).toEqual({ ...ID_PREFIXES, ...SECRET_PREFIXES, session: SECRET_PREFIXES.session });
    expect(rows).toContainEqual(['session', ID_PREFIXES.session]);
  });

  it('names a declared kind for every id that a column holds', () => {
    const known = new Set(declarations().map(({ prefix }) => prefix));
    const unknown = declarations().flatMap(({ table, ids }) =>
      [...ids]
        .filter(([, kind]) => typeof kind === 'string' && !known.has(kind))
        .map(([property, kind]) => `${table}.${property}: ${JSON.stringify(kind)}`),
    );
    expect(unknown).toEqual([]);
  });
});
