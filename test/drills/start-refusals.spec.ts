import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { drill, freePort, refusal } from '../support/drill.js';

jest.setTimeout(60_000);

const { folder, start } = drill();

describe('npm start, in one sentence,', () => {
  it('refuses a port in use before it makes anything', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
    );
    const home = join(folder, 'taken');
    const alternative = port > 60_000 ? 4000 : port + 10;
    expect(await refusal(start(home, port), home)).toBe(
      `Port ${port} is already in use; stop what listens there or choose another with PORT=…, for example PORT=${alternative}.`,
    );
    taken.close();
    expect(existsSync(home)).toBe(false);
  });

  it.each([
    ['a home that is a file', () => fileAt(join(folder, 'a-file'))],
    ['a home below a file', () => join(fileAt(join(folder, 'b-file')), 'home')],
    ['a home that takes no folders', () => `/proc/domicile-${process.pid}`],
  ])('refuses %s', async (_what, place) => {
    const home = place();
    expect(await refusal(start(home, await freePort()), home)).toMatch(
      /^The folder \S+ cannot be used \(.+\); set DOMICILE_HOME to a folder that this user may write\.$/,
    );
  });

  it.each([
    [
      'a misspelt setting',
      { DOMICILE_HOMES: 'x' },
      'DOMICILE_HOMES is not a setting of Domicile; correct the name or remove it.',
    ],
    [
      'a port that is none',
      { PORT: '70000' },
      'PORT is "70000", which is no port; set it to a whole number from 1 to 65535.',
    ],
    [
      'a key store without its database',
      { DOMICILE_US_KEY_DATABASE_URL: 'postgres://app:x@127.0.0.1:5432/keys' },
      'DOMICILE_US_KEY_DATABASE_URL is set and DOMICILE_US_DATABASE_URL is not; a region has both of its own, or neither.',
    ],
  ])('refuses %s', async (_what, settings, sentence) => {
    const home = join(folder, 'settings');
    expect(await refusal(start(home, await freePort(), settings), home)).toBe(sentence);
    expect(existsSync(home)).toBe(false);
  });

  it('refuses a region file without a region', async () => {
    const home = join(folder, 'regionless');
    const file = join(folder, 'regions.json');
    writeFileSync(file, '{"regions": []}');
    expect(await refusal(start(home, await freePort(), { DOMICILE_REGIONS_FILE: file }), home)).toBe(
      'The region file must hold a non-empty list "regions".',
    );
  });
});

function fileAt(path: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  return path;
}
