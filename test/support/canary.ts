import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inLetters } from './names.js';

/** A text that is nowhere else, to be put into everything that a person types. */
export function canary(): string {
  return `zQ${inLetters(randomBytes(6).toString('hex'))}`;
}

/** How a text may look where it leaked: as it is, in another case, or as what a program makes of bytes. */
export function spellings(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  // In base64 it depends on what stands in front; what is left of each alignment is the same whatever follows.
  const base64 = [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = before === 0 ? 0 : 4;
    const inner = whole.toString('base64').slice(from, Math.floor(whole.length / 3) * 4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = bytes.toString('hex');
  const escaped = [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  const percent = hex.replace(/../g, '%$&');
  const texts = [text, text.toLowerCase(), text.toUpperCase(), ...base64, hex, hex.toUpperCase(), escaped, percent];
  return [...new Set([...texts, percent.toUpperCase()])]
    .map((each) => Buffer.from(each))
    .concat([Buffer.from(text, 'utf16le')]);
}

/** Those of the texts that some bytes hold in any spelling; compressed ones are looked into. */
export function found(texts: readonly string[], bytes: Buffer): string[] {
  const layers = [bytes, ...inflated(bytes)];
  return texts.filter((text) => spellings(text).some((spelling) => layers.some((layer) => layer.includes(spelling))));
}

/** Every gzip stream that begins in the bytes. */
function inflated(bytes: Buffer): Buffer[] {
  const layers: Buffer[] = [];
  const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1))
    try {
      layers.push(gunzipSync(bytes.subarray(at)));
    } catch {
      // Three bytes that only look like one.
    }
  return layers;
}

/** Every file below a folder whose name matches, with its bytes. */
export function* filesOf(folder: string): Generator<readonly [path: string, bytes: Buffer]> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) yield [path, readFileSync(path)];
  }
}
