import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Policies, PRIVACY_NOTICE } from './policies.js';

describe('Policies', () => {
  let folder: string;
  const at = (time: string) => ({ now: () => new Date(time) });
  const write = (name: string, text: string) => writeFileSync(join(folder, PRIVACY_NOTICE, name), text);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'policies-'));
    mkdirSync(join(folder, PRIVACY_NOTICE));
    write('2026-01-01.md', 'first');
    write('2026-11-01.md', 'second ä');
    write('2026-11-01.de.md', 'zweite');
    write('notes.txt', 'not a version');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names the newest version whose day has come, with the hash of its text', () => {
    expect(new Policies(folder, at('2026-10-31T23:59:59.999Z')).current(PRIVACY_NOTICE)).toMatchObject({
      version: '2026-01-01',
      text: 'first',
      translations: [],
    });
    expect(new Policies(folder, at('2026-11-01T00:00:00Z')).current(PRIVACY_NOTICE)).toEqual({
      kind: PRIVACY_NOTICE,
      version: '2026-11-01',
      effectiveFrom: '2026-11-01',
      sha256: createHash('sha256').update('second ä').digest('hex'),
      text: 'second ä',
      translations: [{ language: 'de', text: 'zweite' }],
    });
  });

  it('finds every published version', () => {
    const policies = new Policies(folder, at('2026-11-22T00:00:00Z'));
    expect(policies.find(PRIVACY_NOTICE, '2026-01-01')?.text).toBe('first');
    expect(policies.find(PRIVACY_NOTICE, '2027-01-01')).toBeUndefined();
    expect(policies.find('other', '2026-01-01')).toBeUndefined();
  });

  it('refuses to start without a notice in force', () => {
    expect(() => new Policies(folder, at('2025-01-01T00:00:00Z'))).toThrow(/holds no notice in force/);
    expect(() => new Policies(join(folder, 'missing'), at('2026-11-22T00:00:00Z'))).toThrow(/cannot be read/);
  });

  it('ships a notice, and the same in German, section by section', () => {
    const { text, translations } = new Policies(
      join(import.meta.dirname, '../../../deploy/policies'),
      at('2026-11-22T00:00:00Z'),
    ).current(PRIVACY_NOTICE);
    const shape = (markdown: string): string[] => markdown.match(/^(?:#+|-) /gm)!;
    expect(translations.map(({ language }) => language)).toEqual(['de']);
    expect(shape(translations[0]!.text)).toEqual(shape(text));
  });
});
