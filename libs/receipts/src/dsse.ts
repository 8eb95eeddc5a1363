import { type KeyObject, sign } from 'node:crypto';

/** A DSSE envelope (secure-systems-lab/dsse, envelope.md 1.0.2): what is signed, of which type, by whom. */
export interface Envelope {
  readonly payloadType: string;
  /** base64 (RFC 4648 section 4) of the exact bytes that were signed. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/**
 * DSSE's pre-authentication encoding (protocol.md): type and body with their lengths in bytes, so that neither can pass for a part
 * of the other.
 */
export function preAuthenticationEncoding(payloadType: string, body: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `;
  return Buffer.concat([Buffer.from(head), body]);
}

/** Ed25519 (RFC 8032 section 5.1, pure) over those bytes. @returns 64 bytes */
export function signBytes(bytes: Uint8Array, privateKey: KeyObject): Buffer {
  return sign(null, bytes, privateKey);
}

/** Signs a body once and wraps it. @param body exactly what is signed: whoever verifies must not re-encode it */
export function sealEnvelope(
  payloadType: string,
  body: Uint8Array,
  { keyId, privateKey }: { readonly keyId: string; readonly privateKey: KeyObject },
): Envelope {
  const sig = signBytes(preAuthenticationEncoding(payloadType, body), privateKey).toString('base64');
  return { payloadType, payload: Buffer.from(body).toString('base64'), signatures: [{ keyid: keyId, sig }] };
}
