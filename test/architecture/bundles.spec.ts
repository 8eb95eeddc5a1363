/** A start is cheap by what it does not do (decision 054); what undoes that breaks nothing, and no other test would tell. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const CHUNKS = join(import.meta.dirname, '../../dist/chunks');
const files = readdirSync(CHUNKS);
const texts = files.map((name) => readFileSync(join(CHUNKS, name), 'latin1'));

/** Modules of Node's own that are loaded once a chunk is. */
function builtinsBehind(chunk: string): readonly string[] {
  const [file] = files.filter((name) => name.startsWith(chunk));
  const words = `await import('${join(CHUNKS, file!)}'); console.log(JSON.stringify(process.moduleLoadList)); process.exit();`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', words], { encoding: 'utf8', env: {} });
  return JSON.parse(said) as string[];
}

describe('the bundles', () => {
  it.each(['create-app-', 'worker.module-'])('of %s load no HTTP client of Node', (chunk) => {
    const builtins = builtinsBehind(chunk);
    expect(builtins).toContain('NativeModule http');
    expect(builtins).not.toContain('NativeModule internal/deps/undici/undici');
  });

  it('leave what is called late or never to its first call', () => {
    for (const name of ['glob', 'parsePhoneNumber']) {
      const late = texts.filter((text) => text.includes(`exports.${name} = (...words) => require_`));
      expect([name, late.length > 0]).toEqual([name, true]);
    }
  });

  it('hold no driver of another database', () => {
    const drivers = texts.flatMap((text) => [...text.matchAll(/\bvar (\w+Driver) = class/g)].map(([, name]) => name));
    expect(new Set(drivers)).toEqual(new Set(['PostgresDriver']));
  });

  it('are in ASCII', () => {
    const beyond = files.filter((_name, i) => /[^\0-\x7f]/.test(texts[i]!));
    expect(beyond).toEqual([]);
  });
});
