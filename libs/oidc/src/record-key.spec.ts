import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { RecordKey } from './record-key.js';

const salt = randomBytes(32);
const payload = { accountId: 'pers_eu_x', scope: 'openid' };

describe('the key of a record', () => {
  const sealed = new RecordKey('name', salt).seal(payload, 'row');

  it('opens what it sealed, and seals the same to other bytes each time', () => {
    expect(new RecordKey('name', salt).open(sealed, 'row')).toEqual(payload);
    expect(new RecordKey('name', salt).seal(payload, 'row')).not.toEqual(sealed);
    expect(sealed.includes('pers_eu_x')).toBe(false);
  });

  it.each([
    ['under another name', new RecordKey('nam', salt), 'row'],
    ['under another region’s key', new RecordKey('name', randomBytes(32)), 'row'],
    ['in another row', new RecordKey('name', salt), 'row2'],
  ])('opens nothing %s', (_what, key, row) => {
    expect(() => key.open(sealed, row)).toThrow('altered');
  });

  it('opens nothing of which a bit was changed, or a part is missing', () => {
    const key = new RecordKey('name', salt);
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(() => key.open(changed, 'row')).toThrow('altered');
      expect(() => key.open(sealed.subarray(0, i), 'row')).toThrow('altered');
    }
  });
});
