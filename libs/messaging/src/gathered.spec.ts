import { describe, expect, it } from '@jest/globals';
import { Gathered } from './gathered.js';

/** A turn that ends when it is told to. */
function held() {
  const turns: { readonly items: readonly number[]; readonly end: () => void; readonly fail: (e: Error) => void }[] =
    [];
  const gathered = new Gathered<number>((items) => new Promise((end, fail) => void turns.push({ items, end, fail })));
  return { turns, gathered };
}

/** All that can go on without a turn ending has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is gathered', () => {
  it('is done at once where nothing is under way, and together where something is', async () => {
    const { turns, gathered } = held();
    const over: number[] = [];
    for (const item of [1, 2, 3]) void gathered.do(item).then(() => over.push(item));
    expect(turns.map(({ items }) => items)).toEqual([[1]]);
    turns[0]!.end();
    await settled();
    expect(over).toEqual([1]);
    expect(turns.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    turns[1]!.end();
    await settled();
    expect(over).toEqual([1, 2, 3]);
    void gathered.do(4);
    expect(turns.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
  });

  it('is told of the failure of its own turn alone', async () => {
    const { turns, gathered } = held();
    const told = [1, 2, 3].map((item) =>
      gathered.do(item).then(
        () => 'done',
        (error: Error) => error.message,
      ),
    );
    turns[0]!.fail(new Error('first'));
    await settled();
    turns[1]!.end();
    expect(await Promise.all(told)).toEqual(['first', 'done', 'done']);
  });
});
