import { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** A compressed part of some content: where it begins, how it is packed, and what comes out. */
export interface Packed {
  readonly format: 'gzip' | 'zip' | 'deflate' | 'brotli';
  /** Of its first compressed byte in what it was found in. */
  readonly offset: number;
  /** Its content, piece by piece; ends without an error where it is cut off or was no such thing after all. */
  readonly pieces: () => AsyncIterable<Buffer>;
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const ZIP = Buffer.from('PK\x03\x04');
const ZIP_HEAD_BYTES = 30;
const ZIP_DEFLATE = 8;

const PIECE_BYTES = 1024 * 1024;

const DECODERS = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: PIECE_BYTES }),
  zip: () => createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: PIECE_BYTES }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: PIECE_BYTES }),
  brotli: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH, chunkSize: PIECE_BYTES }),
} as const;

/**
 * What is compressed in some bytes: gzip and zip members wherever their magic stands (in a table's file, after a header), a zlib
 * stream where the bytes begin with one, brotli where the name says so, as it has no magic.
 */
export function packedParts(bytes: Buffer, name: string): Packed[] {
  const part = (format: Packed['format'], offset: number): Packed => ({
    format,
    offset,
    pieces: () => unpacked(format, bytes.subarray(offset)),
  });
  const parts = [
    ...placesOf(GZIP, bytes).map((offset) => part('gzip', offset)),
    ...placesOf(ZIP, bytes).flatMap((offset) => {
      const start = zipContent(bytes, offset);
      return start === undefined ? [] : [part('zip', start)];
    }),
  ];
  if (bytes.length > 2 && (bytes[0]! & 0x8f) === 0x08 && bytes.readUInt16BE(0) % 31 === 0)
    parts.push(part('deflate', 0));
  if (/\.br$/.test(name)) parts.push(part('brotli', 0));
  return parts;
}

async function* unpacked(format: Packed['format'], bytes: Buffer): AsyncIterable<Buffer> {
  const decoder = DECODERS[format]();
  const source = Readable.from(slices(bytes));
  source.pipe(decoder);
  try {
    for await (const piece of decoder) yield piece as Buffer;
  } catch {
    // Damaged, cut off, or a magic by chance: what came out so far was looked at.
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

function* slices(bytes: Buffer, size = 256 * 1024): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function placesOf(magic: Buffer, bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) places.push(at);
  return places;
}

/** Where the content of a zip member begins (APPNOTE 4.3.7), if it is deflated. */
function zipContent(bytes: Buffer, offset: number): number | undefined {
  if (offset + ZIP_HEAD_BYTES > bytes.length || bytes.readUInt16LE(offset + 8) !== ZIP_DEFLATE) return undefined;
  return offset + ZIP_HEAD_BYTES + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
}
