import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ensureOidcKeys, oidcKeys, rotateOidcKey } from './oidc-key-files.js';

let keysDir: string;
beforeEach(() => {
  keysDir = mkdtempSync(join(tmpdir(), 'domicile-oidc-keys-'));
});
afterEach(() => rmSync(keysDir, { recursive: true, force: true }));
const keys = () => oidcKeys({ keysDir, region: 'eu' });

it('makes the first key once, for its owner alone', () => {
  ensureOidcKeys(keysDir);
  const file = join(keysDir, 'oidc.1.key');
  const pem = readFileSync(file, 'utf8');
  ensureOidcKeys(keysDir);
  expect([readdirSync(keysDir), readFileSync(file, 'utf8')]).toEqual([['oidc.1.key'], pem]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(keys()).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })]);
});

it('signs with the newest, and shows the one before it', () => {
  ensureOidcKeys(keysDir);
  const [first] = keys();
  expect(rotateOidcKey(keysDir)).toBe(2);
  const [second, shown, ...rest] = keys();
  expect([shown, rest]).toEqual([first, []]);
  expect(second!.kid).not.toBe(first!.kid);
  expect(rotateOidcKey(keysDir)).toBe(3);
  expect(keys().map(({ kid }) => kid)).toEqual([expect.anything(), second!.kid]);
});

it.each([
  ['missing', () => undefined, /is missing or cannot be read; .*domicile init --region eu/],
  ['readable by others', (file: string) => chmodSync(file, 0o640), /can be read by others/],
  ['no key', (file: string) => writeFileSync(file, 'x'), /is no P-256 key in PEM/],
])('refuses a key that is %s', (what, spoil, sentence) => {
  if (what !== 'missing') ensureOidcKeys(keysDir);
  spoil(join(keysDir, 'oidc.1.key'));
  expect(keys).toThrow(sentence);
});
