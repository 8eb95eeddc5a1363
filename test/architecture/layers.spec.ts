import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

function cruise(...paths: string[]): Cruise {
  const options = {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NODE_OPTIONS: '' },
  } as const;
  const out = execFileSync(
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths],
    options,
  );
  return JSON.parse(out) as Cruise;
}

describe('the floors of the house', () => {
  const planted: string[] = [];
  afterAll(() => planted.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  it('lets imports point down only, without cycles, through index.ts', () => {
    const { modules, summary } = cruise('apps', 'libs');
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    // A version that does not understand the compiler sees nothing and finds nothing.
    const sources = globSync('{apps,libs}/**/*.ts', { cwd: ROOT });
    const seen = new Set(modules.map((module) => module.source));
    expect(sources.filter((file) => !seen.has(file))).toEqual([]);
    expect(sources.length).toBeGreaterThan(60);
  });

  it('sees each kind of violation when it is planted', () => {
    const plant = (lib: string, text: string): void => {
      const folder = mkdtempSync(join(ROOT, `libs/${lib}/planted-`));
      planted.push(folder);
      writeFileSync(join(folder, 'planted.ts'), text);
    };
    plant('residency', "import { Signup } from '@domicile/accounts';\nexport const up = Signup;\n");
    plant(
      'accounts',
      "import { GuardedPool } from '../../residency/src/guarded-pool.js';\nexport const deep = GuardedPool;\n",
    );
    plant('runtime', "import pg from 'pg';\nexport const pool = new pg.Pool();\n");
    const names = cruise('libs').summary.violations.map(({ rule }) => rule.name);
    expect(names).toEqual(expect.arrayContaining(['floor-of-residency', 'through-the-index', 'one-door']));
  });
});
