import { describe, expect, it } from '@jest/globals';
import { LIMITS, limitSettings, trustedProxyCidrs } from './limit-settings.js';
import { SETTINGS_TABLE } from './settings-table.js';

describe('limitSettings', () => {
  it('reads every limit of the table, and each has a bound', () => {
    const read: string[] = [];
    const settings = limitSettings((name, fallback, min, max) => {
      read.push(name);
      expect([min, max]).toEqual([1, 999_999]);
      return fallback + 1;
    });
    const listed = SETTINGS_TABLE.map(({ name }) => name).filter((name) => name.startsWith('DOMICILE_LIMIT_'));
    expect(read).toEqual(listed);
    expect(Object.keys(settings)).toEqual(Object.keys(LIMITS));
    expect(settings.signupsPerAddressHour).toBe(6);
  });
});

describe('trustedProxyCidrs', () => {
  it('is nobody unless networks are named', () => {
    const problems: string[] = [];
    expect(trustedProxyCidrs(undefined, problems)).toEqual([]);
    expect(trustedProxyCidrs('', problems)).toEqual([]);
    expect(trustedProxyCidrs('10.0.0.0/8,fd00::/8', problems)).toEqual(['10.0.0.0/8', 'fd00::/8']);
    expect(problems).toEqual([]);
  });

  it.each(['0.0.0.0/0', '10.0.0.1', '10.0.0.0/8, fd00::/8', 'proxy.example.org', '10.0.0.0/8;fd00::/8', '*'])(
    'refuses %j in one sentence that does not repeat it',
    (text) => {
      const problems: string[] = [];
      expect(trustedProxyCidrs(text, problems)).toEqual([]);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^DOMICILE_TRUSTED_PROXY_CIDRS .+; .+\.$/);
    },
  );
});
