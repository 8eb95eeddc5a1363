import { readFileSync } from 'node:fs';
import type { Envelope, ResidencyReceipt } from '@domicile/receipts';
import { type Pin, pinsOf, verifyReceipt } from '../../tools/verify-receipt.mjs';

/** The keys that a region file pins. */
export function pinsIn(regionsFile: string): Pin[] {
  return pinsOf(JSON.parse(readFileSync(regionsFile, 'utf8')));
}

/** What an envelope's payload says, unproven. */
export function receiptIn({ payload }: Pick<Envelope, 'payload'>): ResidencyReceipt {
  return JSON.parse(Buffer.from(payload, 'base64').toString()) as ResidencyReceipt;
}

/** Verifies an envelope offline, now: exit code, receipt and page. */
export function verified(text: string, pins: readonly Pin[], now = new Date()) {
  const { code, lines } = verifyReceipt(Buffer.from(text), pins, now);
  return { code, page: lines.join('\n'), receipt: receiptIn(JSON.parse(text) as Envelope) };
}

/** The facts that do not hold. */
export function broken({ measured }: ResidencyReceipt): string[] {
  return measured.filter(({ holds }) => !holds).map(({ fact }) => fact);
}
