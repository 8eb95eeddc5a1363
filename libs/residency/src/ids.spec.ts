import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IdCodec } from './ids.js';
import { Regions } from './regions.js';

const regions = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4000);
const [home, away] = regions.all as [(typeof regions.all)[number], (typeof regions.all)[number]];
const ids = new IdCodec(regions);

const hashes = fc.uint8Array({ minLength: 16, maxLength: 64 });

describe('an id derived from a keyed hash', () => {
  it('is always the same, and is read back like every other', () => {
    fc.assert(
      fc.property(hashes, (hash) => {
        const id = ids.derive('idem', home, hash);
        expect(ids.derive('idem', home, Buffer.from(hash))).toBe(id);
        expect(ids.parse(id)).toEqual({ prefix: 'idem', region: home });
        expect(ids.decode(ids.encode(id, 'idem', home), 'idem', home)).toBe(id);
      }),
    );
  });

  it('is another one in another region, which refuses it in text and in bytes', () => {
    fc.assert(
      fc.property(hashes, (hash) => {
        const [here, there] = [ids.derive('idem', home, hash), ids.derive('idem', away, hash)];
        expect(here.split('_').at(-1)).not.toBe(there.split('_').at(-1));
        const refused = expect.objectContaining({ code: 'residency.crossing' }) as unknown as Error;
        expect(() => ids.encode(here, 'idem', away)).toThrow(refused);
        expect(() => ids.decode(ids.encode(here, 'idem', home), 'idem', away)).toThrow(refused);
      }),
    );
  });

  it('carries 112 bits of the hash: each but version, variant and region makes another id', () => {
    const hash = createHash('sha256').update('any').digest();
    const id = ids.derive('idem', home, hash);
    const lost = Array.from({ length: 256 }, (_, bit) => bit).filter((bit) => {
      const changed = Buffer.from(hash);
      changed[bit >>> 3]! ^= 0x80 >>> (bit & 7);
      return ids.derive('idem', home, changed) === id;
    });
    const inside = lost.filter((bit) => bit < 128);
    expect(inside).toEqual([48, 49, 50, 51, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75]);
    expect(lost.length - inside.length).toBe(128);
  });

  it('leaves the hash as it was, and refuses one that is too short', () => {
    const hash = Buffer.alloc(32, 0xff);
    ids.derive('idem', home, hash);
    expect(hash.equals(Buffer.alloc(32, 0xff))).toBe(true);
    for (const short of [Buffer.alloc(0), Buffer.alloc(15)])
      expect(() => ids.derive('idem', home, short)).toThrow(
        expect.objectContaining({ code: 'residency.configuration_invalid' }),
      );
  });
});

it('a minted id keeps its time and its order', () => {
  const minted = Array.from({ length: 5_000 }, () => ids.mint('sess', home));
  expect(minted).toEqual([...minted].sort());
  expect(new Set(minted).size).toBe(minted.length);
  const bytes = Buffer.from(ids.encode(minted[0]!, 'sess', home).replaceAll('-', ''), 'hex');
  expect(Math.abs(bytes.readUIntBE(0, 6) - Date.now())).toBeLessThan(60_000);
});
