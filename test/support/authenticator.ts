import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a browser would do differently from a rightful one. */
export interface Oddity {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  /** False for a user whom nobody has verified. */
  readonly verified?: boolean;
  /** False for one who was not even there. */
  readonly present?: boolean;
  /** Instead of the next one. */
  readonly count?: number;
  readonly userHandle?: string | null;
  /** Signs with a key that nobody knows. */
  readonly forged?: boolean;
  readonly format?: string;
}

interface Made {
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  readonly rpId: string;
  readonly userHandle: string;
  count: number;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
  readonly excludeCredentials: readonly { readonly id: string }[];
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials: readonly { readonly id: string }[];
}

const AAGUID = Buffer.alloc(16);
const FLAGS = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40 };

/**
 * An authenticator and its browser in software: ES256 keys, discoverable, with or without a signature counter. It speaks the JSON of
 * WebAuthn level 3 and encodes by hand, so that nothing of it comes from the library under test.
 */
export class Authenticator {
  readonly #passkeys: Made[] = [];

  /** @param origin of the page that asks @param counts whether it counts its signatures */
  constructor(
    readonly origin: string,
    readonly counts = true,
  ) {}

  /** `navigator.credentials.create()`. @throws Error when it has one of those to be excluded */
  create(options: CreationOptions, odd: Oddity = {}) {
    const { challenge, rp, user, excludeCredentials } = options;
    if (this.#passkeys.some(({ id }) => excludeCredentials.some((each) => each.id === id.toString('base64url'))))
      throw new Error('InvalidStateError');
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    const passkey = { id, privateKey, rpId: rp.id, userHandle: user.id, count: 0 };
    this.#passkeys.push(passkey);
    const { x, y } = publicKey.export({ format: 'jwk' });
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}: an EC2 key for ES256 on P-256 (RFC 9053).
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x!, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y!, 'base64url'),
    ]);
    const attested = Buffer.concat([AAGUID, uint16(id.length), id, cose]);
    const authData = Buffer.concat([this.#data(passkey, odd, FLAGS.at), attested]);
    const { format = 'none' } = odd;
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      cborText('fmt'),
      cborText(format),
      cborText('attStmt'),
      // A certificate list in a statement that nobody asked for.
      format === 'none'
        ? Buffer.from([0xa0])
        : Buffer.concat([Buffer.from([0xa1]), cborText('x5c'), Buffer.from([0x80])]),
      cborText('authData'),
      cborBytes(authData),
    ]);
    return {
      ...named(id),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', challenge, odd).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        transports: ['internal', 'hybrid'],
        publicKeyAlgorithm: -7,
      },
    };
  }

  /** `navigator.credentials.get()`. @throws Error when it has none that will do */
  get({ challenge, rpId, allowCredentials }: RequestOptions, odd: Oddity = {}) {
    const allowed = allowCredentials.map(({ id }) => id);
    const passkey = this.#passkeys.findLast(
      (each) => each.rpId === rpId && (allowed.length === 0 || allowed.includes(each.id.toString('base64url'))),
    );
    if (!passkey) throw new Error('NotAllowedError');
    if (this.counts) passkey.count++;
    const authData = this.#data(passkey, odd, 0);
    const clientData = this.#clientData('webauthn.get', challenge, odd);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    const key = odd.forged ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : passkey.privateKey;
    const { userHandle = passkey.userHandle } = odd;
    return {
      ...named(passkey.id),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, key).toString('base64url'),
        userHandle,
      },
    };
  }

  /** Forgets that it has made a signature: as a copy of it would. */
  rewind(): void {
    for (const passkey of this.#passkeys) passkey.count--;
  }

  #data({ rpId, count }: Made, odd: Oddity, more: number): Buffer {
    const { verified = true, present = true } = odd;
    const flags = (present ? FLAGS.up : 0) | (verified ? FLAGS.uv : 0) | FLAGS.be | FLAGS.bs | more;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(odd.count ?? count);
    return Buffer.concat([
      createHash('sha256')
        .update(odd.rpId ?? rpId)
        .digest(),
      Buffer.from([flags]),
      counter,
    ]);
  }

  #clientData(type: string, challenge: string, odd: Oddity): Buffer {
    const { origin = this.origin, crossOrigin = false } = odd;
    return Buffer.from(
      JSON.stringify({ type: odd.type ?? type, challenge: odd.challenge ?? challenge, origin, crossOrigin }),
    );
  }
}

function named(id: Buffer) {
  const text = id.toString('base64url');
  return { id: text, rawId: text, type: 'public-key', clientExtensionResults: {}, authenticatorAttachment: 'platform' };
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x60 + bytes.length]), bytes]);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x59]), uint16(bytes.length), bytes]);
}
