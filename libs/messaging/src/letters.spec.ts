import { describe, expect, it } from '@jest/globals';
import type { RegionContext } from '@domicile/residency';
import type { Letter } from './letter.js';
import { Letters } from './letters.js';
import type { ClaimedItem } from './outbox.js';

const ctx = {} as RegionContext;
const item = (kind: string, id: string): ClaimedItem => ({ id, kind, subjectId: id, attempts: 1 }) as ClaimedItem;
const about = ({ id }: ClaimedItem): Letter => ({ to: `${id}@example.org` }) as Letter;

describe('the letters of a claim', () => {
  it('come in the order of their items, whoever writes them, each with what came of it', async () => {
    const letters = new Letters();
    const together: string[][] = [];
    letters.handle('alone', async (_ctx, each) => {
      if (each.id === 'b') throw new Error('torn');
      await new Promise((resolve) => setImmediate(resolve));
      return each.id === 'e' ? null : about(each);
    });
    letters.handleTogether('many', (_ctx, items) => {
      together.push(items.map(({ id }) => id));
      return Promise.resolve(items.map((each) => ({ status: 'fulfilled', value: about(each) })));
    });
    letters.handleTogether('away', () => Promise.reject(new Error('away')));
    const kinds = { a: 'many', b: 'alone', c: 'away', d: 'many', e: 'alone', f: 'later', g: 'alone', h: 'away' };
    const written = await letters.write(
      ctx,
      Object.entries(kinds).map(([id, kind]) => item(kind, id)),
    );
    const outcome = written.map((one) =>
      one.status === 'fulfilled' ? (one.value?.to ?? null) : (one.reason as Error).message,
    );
    const later = 'An outbox item of a kind that this version does not know was left for a later one.';
    expect(outcome).toEqual(['a@example.org', 'torn', 'away', 'd@example.org', null, later, 'g@example.org', 'away']);
    expect(together).toEqual([['a', 'd']]);
  });

  it('have one writer a kind', () => {
    const letters = new Letters();
    letters.handle('alone', () => Promise.resolve(null));
    expect(() => letters.handleTogether('alone', () => Promise.resolve([]))).toThrow('two handlers');
  });
});
