/** Types of verify-receipt.mjs for the tests; the tool itself depends on nothing. */
export interface Pin {
  readonly region: string;
  readonly number?: number;
  readonly keyId: string;
  readonly spki: Buffer;
  readonly from: string;
  readonly until?: string;
}
export function preAuthenticationEncoding(payloadType: string, body: Uint8Array): Buffer;
export function verifyBytes(bytes: Uint8Array, signature: Uint8Array, spki: Buffer): boolean;
export function keyIdOf(spki: Uint8Array): string;
export function pinsOf(content: unknown): Pin[];
export function verifyReceipt(bytes: Uint8Array, pins: readonly Pin[], now: Date): { code: 0 | 1 | 2; lines: string[] };
