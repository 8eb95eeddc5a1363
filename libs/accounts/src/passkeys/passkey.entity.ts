import {
  fieldSet,
  IdColumn,
  Locator,
  LocatorRow,
  Personal,
  type PersonalDeclaration,
  Regional,
  RegionalRow,
  Sealed,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from '../person.entity.js';

const OF_A_PASSKEY = {
  subject: 'person',
  category: 'credential',
  purpose: 'to sign in with a passkey',
  legalBasis: 'contract',
  retention: 'until the passkey is removed, or the person is erased',
  optional: false,
  export: false,
  erase: 'key',
  mask: 'hidden',
} as const satisfies PersonalDeclaration;

/** What is sealed of a passkey, under the key of its person. Bytes are base64url. */
export class PasskeySecret {
  /** What the authenticator calls the passkey; found through {@link PasskeyLocator}. */
  @Personal(OF_A_PASSKEY)
  readonly credentialId!: string;

  /** COSE key. */
  @Personal(OF_A_PASSKEY)
  readonly publicKey!: string;

  /** What the authenticator calls the person: opaque, see passkeys.ts. */
  @Personal(OF_A_PASSKEY)
  readonly userHandle!: string;

  /** How the authenticator can be reached, words of WebAuthn separated by a space. */
  @Personal(OF_A_PASSKEY)
  readonly transports!: string;

  /** Model of the authenticator. */
  @Personal(OF_A_PASSKEY)
  readonly aaguid!: string;

  /** What its owner calls it. */
  @Personal({ ...OF_A_PASSKEY, purpose: 'to tell your passkeys apart', optional: true, export: true })
  readonly label!: string | null;
}

export const PASSKEY_SECRET = fieldSet('passkey.secret', PasskeySecret);

/** One passkey of a person. */
@Regional({ table: 'passkey', prefix: ID_PREFIXES.passkey })
@Index(['personId'])
export class Passkey extends RegionalRow<typeof ID_PREFIXES.passkey> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Sealed(PASSKEY_SECRET)
  readonly sealed!: Buffer;

  /**
   * How often it has signed, as far as it says (WebAuthn section 6.1.1): 0 for ever for one that does not count. In clear, as the
   * statement that lets a sign-in pass decides by it; 32 bits without a sign, so the text of a bigint.
   */
  @Column('bigint', { default: 0 })
  readonly signCount!: string;

  @Column('timestamptz', { nullable: true })
  readonly lastUsedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}

/** The way from a credential id to its passkey: a blind index under `passkey.credential_id`. Its primary key makes it unique. */
@Locator({ table: 'passkey_locator' })
@Index(['passkeyId'])
export class PasskeyLocator extends LocatorRow {
  @ForeignKey(() => Passkey)
  @IdColumn(ID_PREFIXES.passkey)
  readonly passkeyId!: Passkey['id'];
}

/** A challenge that waits for its answer. Its id is a keyed hash of what it is for and of the challenge itself, which stands nowhere. */
@Regional({ table: 'passkey_challenge', prefix: ID_PREFIXES.challenge })
@Index(['expiresAt'])
export class PasskeyChallenge extends RegionalRow<typeof ID_PREFIXES.challenge> {
  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
