import {
  credentialRefused,
  type IdCodec,
  type PresentedSecret,
  type RegionContext,
  sameHash,
  type SecretCodec,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, SECRET_PREFIXES, type Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { Me } from './account.dto.js';
import { mayAct } from './life-cycle.js';
import { type Person, PERSON_PROFILE } from './person.entity.js';
import type { Session } from './session.entity.js';
import type { SessionId, SessionRepository } from './session.repository.js';

/** How long a session lasts at most. */
const SESSION_TTL_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;

/** A session that was proven by its secret. */
export interface ProvenSession {
  readonly sessionId: SessionId;
  readonly personId: Person['id'];
  readonly expiresAt: Date;
}

/** A session just begun; `token` is shown this once. */
export interface NewSession {
  readonly id: SessionId;
  readonly token: string;
  readonly expiresAt: Date;
}

/** What must match the presented secret. */
interface Proof {
  readonly secretHash: Buffer;
  readonly expiresAt: Date;
  readonly personStatus: string;
}

/** Begins sessions and proves them. */
export class Sessions {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly ids: IdCodec,
    private readonly secrets: SecretCodec,
    private readonly clock: Clock,
    private readonly vault: Vault,
  ) {}

  /** A session of 30 days for a person who has just proved who she is: what is shown, and the row that the caller stores. */
  prepare(
    ctx: RegionContext,
    personId: Person['id'],
  ): { session: NewSession; row: Pick<Session, 'id' | 'personId' | 'secretHash' | 'authenticatedAt' | 'expiresAt'> } {
    const now = this.clock.now();
    const id = this.ids.mint(ID_PREFIXES.session, ctx.region);
    const expiresAt = new Date(now.getTime() + SESSION_TTL_MILLISECONDS);
    const { text, hash } = this.secrets.mint(SECRET_PREFIXES.session, ctx.region, id);
    return {
      session: { id, token: text, expiresAt },
      row: { id, personId, secretHash: hash, authenticatedAt: now, expiresAt },
    };
  }

  /** The session that the caller presents. @throws ResidencyError residency.secret_invalid when it is none, wrong or over */
  async authenticate(ctx: RegionContext): Promise<ProvenSession> {
    const presented = presentedSession(ctx);
    const row = this.prove(presented, await this.sessions.proof(ctx, presented.id));
    return { sessionId: presented.id, personId: row.personId, expiresAt: row.expiresAt };
  }

  /** The caller's own person, accounts (100 at most) and session, at the version of the person's row. @throws as {@link authenticate} */
  async me(ctx: RegionContext): Promise<Versioned<Me>> {
    const presented = presentedSession(ctx);
    const rows = await this.sessions.overview(ctx, presented.id);
    const { personId, sealed, expiresAt, version } = this.prove(presented, rows[0] ?? null);
    const profile = { subject: personId, row: personId, set: PERSON_PROFILE, sealed };
    const { email, displayName } = await this.vault.open(ctx, profile);
    const accounts = rows.flatMap(({ accountId }) => (accountId === null ? [] : [{ id: accountId }]));
    const person = { id: personId, email, displayName };
    return { version, view: { person, accounts, session: { id: presented.id, expiresAt } } };
  }

  /** The row, if it proves the secret of a person who may act. @throws ResidencyError residency.secret_invalid, the same for every reason */
  prove<R extends Proof>(presented: PresentedSecret, row: R | null): R {
    if (!row || !sameHash(row.secretHash, presented.hash)) throw credentialRefused();
    if (row.expiresAt <= this.clock.now() || !mayAct(row.personStatus)) throw credentialRefused();
    return row;
  }
}

/** The session secret that the caller presents, by syntax alone. @throws ResidencyError residency.secret_invalid when it is none */
export function presentedSession(ctx: RegionContext): PresentedSecret & { readonly id: SessionId } {
  const { actor } = ctx;
  if (actor.kind !== 'bearer' || actor.secret.prefix !== SECRET_PREFIXES.session) throw credentialRefused();
  return actor.secret as PresentedSecret & { readonly id: SessionId };
}
