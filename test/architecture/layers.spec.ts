import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

function cruise(cwd: string, ...paths: string[]): Cruise {
  const options = {
    cwd,
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
  // Planted in a copy: lint and types read the tree meanwhile.
  const copy = mkdtempSync(join(tmpdir(), 'domicile-floors-'));
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('lets imports point down only, without cycles, through index.ts', () => {
    const { modules, summary } = cruise(ROOT, 'apps', 'libs');
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    // A version that does not understand the compiler sees nothing and finds nothing.
    const sources = globSync('{apps,libs}/**/*.ts', { cwd: ROOT });
    const seen = new Set(modules.map((module) => module.source));
    expect(sources.filter((file) => !seen.has(file))).toEqual([]);
    expect(sources.length).toBeGreaterThan(60);
  });

  it('sees each kind of violation when it is planted', () => {
    for (const name of ['libs', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const plant = (lib: string, text: string): void => {
      const folder = join(copy, 'libs', lib, 'planted');
      mkdirSync(folder);
      writeFileSync(join(folder, 'planted.ts'), text);
    };
    plant('residency', "import { Signup } from '@domicile/accounts';\nexport const up = Signup;\n");
    plant(
      'accounts',
      "import { GuardedPool } from '../../residency/src/guarded-pool.js';\nexport const deep = GuardedPool;\n",
    );
    plant('runtime', "import pg from 'pg';\nexport const pool = new pg.Pool();\n");
    const { violations } = cruise(copy, 'libs').summary;
    const names = violations.filter(({ from }) => from.includes('/planted/')).map(({ rule }) => rule.name);
    expect(names).toEqual(expect.arrayContaining(['floor-of-residency', 'through-the-index', 'one-door']));
  });
});
