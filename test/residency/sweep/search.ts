import { open } from 'node:fs/promises';
import type { Needle, Scanner } from './scanner.js';
import { packedParts } from './unpack.js';

/** A needle that turned up. */
export interface Found<M> {
  readonly needle: Needle<M>;
  readonly offset: number;
  /** What was unpacked on the way to it, outermost first: `gzip@12`. Empty where it stands as it is. */
  readonly inside: readonly string[];
}

/** A place to look into. `name` decides what has no magic of its own (`.br`). */
export interface Content {
  readonly name: string;
  /** Bytes themselves, or the path of a file. */
  readonly bytes: Buffer | string;
}

/** How many layers are unpacked: an archive within an archive within a table. */
const DEPTH_MAX = 3;
/** How much is unpacked of one part: beyond it the part counts as not looked at. */
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;
const PIECE_BYTES = 32 * 1024 * 1024;

/**
 * Looks for all needles in a place, as it is and unpacked. A file that has gone meanwhile is empty. Parts that are packed are
 * recognised within pieces of 32 MB.
 * @throws Error when a part unpacks to more than can be looked at: what was not seen is not clean
 */
export async function search<M>(
  scanner: Scanner<M>,
  { name, bytes }: Content,
  onFound: (found: Found<M>) => void,
  unpackedBytesMax = UNPACKED_BYTES_MAX,
): Promise<void> {
  const whole = typeof bytes === 'string' ? fileInPieces(bytes) : [bytes];
  await searchPieces({ scanner, onFound, unpackedBytesMax }, name, whole, []);
}

interface Search<M> {
  readonly scanner: Scanner<M>;
  readonly onFound: (found: Found<M>) => void;
  readonly unpackedBytesMax: number;
}

async function searchPieces<M>(
  all: Search<M>,
  name: string,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  inside: readonly string[],
): Promise<void> {
  const { scanner, onFound, unpackedBytesMax } = all;
  const look = scanner.stream((needle, offset) => onFound({ needle, offset, inside }));
  let before = 0;
  for await (const piece of pieces) {
    look(piece);
    if (inside.length < DEPTH_MAX)
      for (const { format, offset, pieces: content } of packedParts(piece, before === 0 ? name : '')) {
        const way = [...inside, `${format}@${before + offset}`];
        await searchPieces(all, '', joined(content(), `${name} ${way.join(' ')}`, unpackedBytesMax), way);
      }
    before += piece.length;
  }
}

/** Unpacked pieces are small; joined ones are looked at faster, and a packed part in them is seen whole. */
async function* joined(pieces: AsyncIterable<Buffer>, where: string, bytesMax: number): AsyncIterable<Buffer> {
  let [waiting, held, total]: [Buffer[], number, number] = [[], 0, 0];
  for await (const piece of pieces) {
    waiting.push(piece);
    held += piece.length;
    total += piece.length;
    if (total > bytesMax) throw new Error(`${where} unpacks to more than ${bytesMax} bytes.`);
    if (held < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    [waiting, held] = [[], 0];
  }
  if (held > 0) yield Buffer.concat(waiting);
}

async function* fileInPieces(path: string): AsyncIterable<Buffer> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    for (;;) {
      const { size } = await file.stat();
      // Its own memory each time: what was found last may still be unpacked. One byte more than the file has shows its end.
      const bytes = Buffer.allocUnsafeSlow(Math.min(size + 1, PIECE_BYTES));
      const { bytesRead } = await file.read(bytes, 0, bytes.length);
      if (bytesRead > 0) yield bytes.subarray(0, bytesRead);
      if (bytesRead < bytes.length) return;
    }
  } finally {
    await file.close();
  }
}
