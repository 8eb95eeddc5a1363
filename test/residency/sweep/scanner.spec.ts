import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Encoding, ENCODINGS, spellingsOf } from './needles.js';
import { type Needle, NEEDLE_BYTES_MIN, Scanner } from './scanner.js';
import { search } from './search.js';

/** What a search without any cleverness finds: needle and offset, in order. */
function naive(needles: readonly Needle<number>[], bytes: Buffer): string[] {
  return needles
    .flatMap(({ bytes: needle, mark }) => {
      const places: string[] = [];
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) places.push(`${mark} ${at}`);
      return places;
    })
    .sort();
}

function found(needles: readonly Needle<number>[], pieces: readonly Buffer[]): string[] {
  const places: string[] = [];
  const look = new Scanner(needles).stream(({ mark }, offset) => places.push(`${mark} ${offset}`));
  for (const piece of pieces) look(piece);
  return places.sort();
}

/** Needles and content over a tiny alphabet: they overlap, repeat, and stand in each other. */
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Buffer> =>
  fc.array(fc.constantFrom(0, 1, 255), { minLength, maxLength }).map((values) => Buffer.from(values));
const needles = fc
  .array(bytes(NEEDLE_BYTES_MIN, 14), { minLength: 1, maxLength: 12 })
  .map((all) => all.map((each, mark) => ({ bytes: each, mark })));

describe('the scanner', () => {
  it('finds what a naive search finds, and nothing else', () => {
    fc.assert(
      fc.property(needles, bytes(0, 300), (some, content) => {
        expect(found(some, [content])).toEqual(naive(some, content));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same in pieces, wherever they are cut, and each once', () => {
    const cuts = fc.array(fc.nat(40), { maxLength: 30 });
    fc.assert(
      fc.property(needles, bytes(0, 300), cuts, (some, content, lengths) => {
        let at = 0;
        const pieces = lengths.map((length) => content.subarray(at, (at += length)));
        expect(found(some, [...pieces, content.subarray(at)])).toEqual(naive(some, content));
      }),
      { numRuns: 500 },
    );
  });

  it('finds a needle planted anywhere in noise, among thousands of needles', () => {
    const all = Array.from({ length: 5_000 }, (_, mark) => ({ bytes: randomBytes(8 + (mark % 40)), mark }));
    const noise = randomBytes(1_000_000);
    const planted = Array.from({ length: 200 }, (_, i) => {
      const { bytes: needle, mark } = all[i * 25]!;
      const at = i * 5_000 + (i % 7);
      needle.copy(noise, at);
      return `${mark} ${at}`;
    });
    expect(found(all, [noise])).toEqual(planted.sort());
  });

  it('refuses a needle that would be found by chance', () => {
    expect(() => new Scanner([{ bytes: Buffer.alloc(NEEDLE_BYTES_MIN - 1), mark: 0 }])).toThrow('A needle has 7 bytes');
  });
});

describe('a canary', () => {
  const CORE = 'Kq7Zr2Wv9XbT4mLs';
  const TEXT = `Zoë&"${CORE}`;
  const sha = createHash('sha256').update(TEXT).digest();
  const md5 = createHash('md5').update(TEXT.toLowerCase()).digest();
  const LEAKS: readonly (readonly [Encoding, Buffer | string])[] = [
    ['raw', TEXT],
    ['lower case', TEXT.toLowerCase()],
    ['URL', `/x?name=${encodeURIComponent(TEXT)}&y`],
    ['URL', encodeURIComponent(TEXT.toLowerCase())],
    ...[0, 1, 2].flatMap((shift) =>
      (['base64', 'base64url'] as const).map(
        (alphabet) => ['base64', Buffer.from(`${'x'.repeat(shift)}${TEXT}, and more`).toString(alphabet)] as const,
      ),
    ),
    ['hex', Buffer.from(TEXT).toString('hex')],
    ['hex', `\\x${Buffer.from(TEXT).toString('hex').toUpperCase()}`],
    ['JSON', JSON.stringify({ name: TEXT })],
    ['JSON', JSON.stringify(TEXT).replace('ë', '\\u00EB')],
    ['JSON', JSON.stringify(TEXT).replace('ë', '\\u00eb')],
    ...[sha, sha.toString('hex'), sha.toString('base64')].map((form) => ['SHA-256', form] as const),
    ...[md5, md5.toString('hex').toUpperCase(), md5.toString('base64url')].map((form) => ['MD5', form] as const),
    ['part', `Unexpected token 'x', ..."${CORE.slice(3, 14)}"... is not valid JSON`],
  ];
  const scanner = new Scanner(
    spellingsOf(TEXT, CORE).map(({ bytes: each, encoding }) => ({ bytes: each, mark: encoding })),
  );
  const encodingsIn = (content: Buffer | string): Set<Encoding> => {
    const seen = new Set<Encoding>();
    scanner.scan(Buffer.from(content), ({ mark }) => seen.add(mark));
    return seen;
  };

  it.each(LEAKS)('is found as %s: %s', (encoding, content) => {
    expect(encodingsIn(content)).toContain(encoding);
  });

  it('is looked for in every encoding', () => {
    expect([...new Set(LEAKS.map(([encoding]) => encoding))].sort()).toEqual([...ENCODINGS].sort());
  });

  it('is not found where another one stands, in none of them', () => {
    const other = `Zoë&"${CORE.slice(0, 9)}${[...CORE.slice(9)].reverse().join('')}`;
    for (const { bytes: each, encoding } of spellingsOf(other, other))
      expect([encoding, [...encodingsIn(each)]]).toEqual([encoding, []]);
  });
});

describe('the search', () => {
  const needle = randomBytes(24);
  const scanner = new Scanner([{ bytes: needle, mark: 'it' }]);
  const content = Buffer.concat([randomBytes(5_000), needle, randomBytes(5_000)]);
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'domicile-search-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ways = async (name: string, place: Buffer | string): Promise<string[]> => {
    const all: string[] = [];
    await search(scanner, { name, bytes: place }, ({ inside, offset }) => all.push([...inside, offset].join(' ')));
    return all;
  };
  /** The one member of a zip archive, as far as its content; the directory that would follow is not needed to read it. */
  const zip = (bytes: Buffer): Buffer => {
    const head = Buffer.alloc(30);
    head.write('PK\x03\x04');
    head.writeUInt16LE(8, 8);
    head.writeUInt16LE(3, 26);
    return Buffer.concat([head, Buffer.from('a.b'), deflateRawSync(bytes)]);
  };

  it.each<[string, string, Buffer, string]>([
    ['as it is', 'a', content, '5000'],
    ['gzip', 'a.gz', gzipSync(content), 'gzip@0 5000'],
    ['gzip in the middle of a file', 'a', Buffer.concat([randomBytes(99), gzipSync(content)]), 'gzip@99 5000'],
    ['gzip that was cut off', 'a', gzipSync(content).subarray(0, 7_000), 'gzip@0 5000'],
    ['deflate', 'a', deflateSync(content), 'deflate@0 5000'],
    ['zip', 'a.zip', zip(content), 'zip@33 5000'],
    ['brotli', 'a.br', brotliCompressSync(content), 'brotli@0 5000'],
    ['gzip in gzip', 'a', gzipSync(gzipSync(content)), 'gzip@0 gzip@0 5000'],
  ])('finds a needle in %s', async (_, name, bytes, way) => {
    writeFileSync(join(folder, name), bytes);
    expect(await ways(name, bytes)).toContain(way);
    expect(await ways(name, join(folder, name))).toContain(way);
  });

  it('does not find it where it is not, and a file that has gone is empty', async () => {
    expect(await ways('a', gzipSync(randomBytes(10_000)))).toEqual([]);
    expect(await ways('a', join(folder, 'nothing'))).toEqual([]);
  });

  it('calls nothing clean that it cannot see whole', async () => {
    const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024));
    const ignore = (): void => undefined;
    await search(scanner, { name: 'a', bytes: bomb }, ignore, 5_000_000);
    await expect(search(scanner, { name: 'a', bytes: bomb }, ignore, 4_000_000)).rejects.toThrow(
      'unpacks to more than',
    );
  });
});
