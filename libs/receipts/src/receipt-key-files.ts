import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReceiptKeyPin, receiptKeyId, ResidencyError } from '@domicile/residency';
import { makeKeyFile, readKeyFile } from '@domicile/vault';

/** Public: every key that this region's receipts were ever signed with, oldest first, as it is pinned. */
const HISTORY = 'receipt-keys.json';
const KEY_FILE = /^receipt\.([1-9]\d{0,5})\.key$/;
const WHAT = 'The receipt key';

/** How long an older key stays valid beside the next one: for processes that still run with it. */
const OVERLAP_MILLISECONDS = 24 * 60 * 60 * 1000;

/** A private key with the id of its public half. */
export interface ReceiptSigner {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/**
 * Makes a region's first receipt key when it has none, and brings its public history up to date. Unlike an index key, a receipt key
 * that was lost can be replaced: nothing is sealed with it, and what it signed stays verifiable by its public half.
 * @returns the history, oldest first: what the region file is to pin
 */
export function ensureReceiptKeys(keysDir: string, region: string, now = new Date()): readonly ReceiptKeyPin[] {
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  if (numbers(keysDir).length === 0) makeKey(keysDir, 1);
  return recordedHistory(keysDir, region, now);
}

/**
 * Makes the next receipt key; the API signs with it from its next start, and refuses that until the region file pins it.
 * @returns as {@link ensureReceiptKeys}
 */
export function rotateReceiptKey(keysDir: string, region: string, now = new Date()): readonly ReceiptKeyPin[] {
  ensureReceiptKeys(keysDir, region, now);
  makeKey(keysDir, Math.max(...numbers(keysDir)) + 1);
  return recordedHistory(keysDir, region, now);
}

/** The history as it was recorded: what the region file is to pin. Empty when the region has no receipt key yet. */
export function receiptKeyHistory(keysDir: string): readonly ReceiptKeyPin[] {
  return readHistory(join(keysDir, HISTORY)) ?? [];
}

/**
 * The key that signs: the one with the highest number.
 * @throws ResidencyError residency.configuration_invalid when there is none, others can read it, or it is no Ed25519 key
 */
export function receiptSigner(keysDir: string, region: string): ReceiptSigner {
  return readSigner(keysDir, Math.max(1, ...numbers(keysDir)), region);
}

function readSigner(keysDir: string, number: number, region: string): ReceiptSigner {
  const file = join(keysDir, `receipt.${number}.key`);
  const pem = readKeyFile(file, WHAT, region);
  let privateKey: KeyObject | undefined;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    // OpenSSL's own words quote what they met.
  }
  if (privateKey?.asymmetricKeyType !== 'ed25519')
    throw invalid(`${WHAT} ${file} of region ${region} is no Ed25519 key in PEM; restore it from its backup.`);
  return { keyId: receiptKeyId(spkiOf(privateKey)), privateKey };
}

function makeKey(keysDir: string, number: number): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  makeKeyFile(join(keysDir, `receipt.${number}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** Adds the keys that the history does not know, each valid from now: a kill between a key and its record is made good here. */
function recordedHistory(keysDir: string, region: string, now: Date): readonly ReceiptKeyPin[] {
  const file = join(keysDir, HISTORY);
  const history = [...(readHistory(file) ?? [])];
  const known = new Set(history.map(({ keyId }) => keyId));
  for (const number of numbers(keysDir)) {
    const { keyId, privateKey } = readSigner(keysDir, number, region);
    const spki = spkiOf(privateKey);
    writePublic(
      join(keysDir, `receipt.${number}.pub`),
      createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    );
    if (known.has(keyId)) continue;
    const until = new Date(now.getTime() + OVERLAP_MILLISECONDS).toISOString();
    for (const [i, older] of history.entries()) history[i] = { until, ...older };
    history.push({ keyId, publicKey: spki.toString('base64'), from: now.toISOString() });
  }
  writePublic(file, `${JSON.stringify(history, null, 2)}\n`);
  return history;
}

function numbers(keysDir: string): number[] {
  if (!existsSync(keysDir)) return [];
  return readdirSync(keysDir)
    .flatMap((name) => KEY_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function readHistory(file: string): readonly ReceiptKeyPin[] | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly ReceiptKeyPin[];
  } catch {
    throw invalid(`${file} cannot be read as JSON; restore it from its backup, or from what the region file pins.`);
  }
}

/** In one step, and only when it says something new. */
function writePublic(file: string, content: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, content, { mode: 0o644 });
  renameSync(draft, file);
}

function spkiOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
}

function invalid(message: string): ResidencyError {
  return new ResidencyError('residency.configuration_invalid', message);
}
