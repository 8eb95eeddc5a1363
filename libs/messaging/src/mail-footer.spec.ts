import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { receiptKeyId, Regions } from '@domicile/residency';
import { withFooter } from './mail-footer.js';

const { regions: rows } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../deploy/regions.json'), 'utf8'),
) as { regions: object[] };

function pin(from: string) {
  const der = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  return { keyId: receiptKeyId(der), publicKey: der.toString('base64'), from };
}

describe('the footer of every mail', () => {
  it('names the region and the key that signs its receipts now, and no other', () => {
    const [old, now, elsewhere] = [
      pin('2026-11-01T00:00:00.000Z'),
      pin('2026-12-01T00:00:00.000Z'),
      pin('2026-12-02T00:00:00.000Z'),
    ];
    const pinned = [[now, old], [elsewhere]];
    const [here, there] = Regions.parse(
      { regions: rows.map((row, i) => ({ ...row, receiptKeys: pinned[i] })) },
      4000,
    ).all;
    const lines = withFooter(here!, 'Hello\n\n-- \nnot the footer').split('\n');
    expect(lines.slice(0, 4)).toEqual(['Hello', '', '-- ', 'not the footer']);
    expect(lines.slice(4)).toEqual([
      '',
      '-- ',
      `Domicile ${here!.name}, ${here!.origins.customer}`,
      'Receipts of this region are signed with the key',
      now.keyId,
    ]);
    expect(withFooter(there!, '')).toContain(elsewhere.keyId);
    expect(withFooter(there!, '')).not.toContain(now.keyId);
  });

  it('names no key where none is pinned', () => {
    const [bare] = Regions.parse({ regions: rows }, 4000).all;
    expect(withFooter(bare!, 'x')).toBe(`x\n\n-- \nDomicile ${bare!.name}, ${bare!.origins.customer}`);
  });
});
