import {
  credentialRefused,
  type IdCodec,
  type PresentedSecret,
  type RegionContext,
  ResidencyError,
  sameHash,
  type SecretCodec,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, Problem, SECRET_PREFIXES, type Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { Me } from './account.dto.js';
import type { AccountErrorCode } from './account-errors.js';
import { type Factor, factorsText, readFactors } from './factor.js';
import { assertPersonMayChange, mayAct } from './life-cycle.js';
import { type Person, PERSON_PROFILE } from './person.entity.js';
import type { PersonRepository } from './person.repository.js';
import type { Session } from './session.entity.js';
import type { SessionId, SessionRepository } from './session.repository.js';

/** How long a session lasts at most. */
const SESSION_TTL_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;
/** How long a proof counts as fresh. */
const FRESH_MILLISECONDS = 10 * 60 * 1000;

/** A session that was proven by its secret. */
export interface ProvenSession {
  readonly sessionId: SessionId;
  readonly personId: Person['id'];
  readonly authenticatedAt: Date;
  readonly factors: readonly Factor[];
  readonly expiresAt: Date;
}

/** A session just begun; `token` is shown this once. */
export interface NewSession {
  readonly id: SessionId;
  readonly token: string;
  readonly expiresAt: Date;
}

/** What a session begins as. */
export type SessionRow = Pick<Session, 'id' | 'personId' | 'secretHash' | 'authenticatedAt' | 'factors' | 'expiresAt'>;

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
    private readonly persons: PersonRepository,
  ) {}

  /** A session of 30 days for a person who has just proved who she is: what is shown, and the row that the caller stores. */
  prepare(
    ctx: RegionContext,
    personId: Person['id'],
    factors: readonly Factor[],
  ): { session: NewSession; row: SessionRow } {
    const now = this.clock.now();
    const id = this.ids.mint(ID_PREFIXES.session, ctx.region);
    const expiresAt = new Date(now.getTime() + SESSION_TTL_MILLISECONDS);
    const { text, hash } = this.secrets.mint(SECRET_PREFIXES.session, ctx.region, id);
    return {
      session: { id, token: text, expiresAt },
      row: { id, personId, secretHash: hash, authenticatedAt: now, factors: factorsText(factors), expiresAt },
    };
  }

  /** The session that the caller presents. @throws ResidencyError residency.secret_invalid when it is none, wrong or over */
  async authenticate(ctx: RegionContext): Promise<ProvenSession> {
    const presented = presentedSession(ctx);
    const row = this.prove(presented, await this.sessions.proof(ctx, presented.id));
    const { personId, authenticatedAt, expiresAt } = row;
    return { sessionId: presented.id, personId, authenticatedAt, factors: readFactors(row.factors), expiresAt };
  }

  /**
   * The same, if the person proved herself a short while ago: what cannot be undone asks for it, so that a device left open is not enough.
   * @throws as {@link authenticate}; Problem session.not_fresh
   */
  async authenticateFreshly(ctx: RegionContext): Promise<ProvenSession> {
    const proven = await this.authenticate(ctx);
    this.assertFresh(proven.authenticatedAt);
    return proven;
  }

  /** For a proof that another statement has read. @throws Problem session.not_fresh when it is older than ten minutes */
  assertFresh(authenticatedAt: Date): void {
    if (this.clock.now().getTime() - authenticatedAt.getTime() > FRESH_MILLISECONDS)
      throw new Problem('session.not_fresh' satisfies AccountErrorCode);
  }

  /** Ends the session that the caller presents. @throws as {@link authenticate} */
  async end(ctx: RegionContext): Promise<void> {
    const { sessionId } = await this.authenticate(ctx);
    await this.sessions.end(ctx, sessionId);
  }

  /** The caller's own person, accounts (100 at most) and session, at the version of the person's row. @throws as {@link authenticate} */
  async me(ctx: RegionContext): Promise<Versioned<Me>> {
    const presented = presentedSession(ctx);
    const rows = await this.sessions.overview(ctx, presented.id);
    const row = this.prove(presented, rows[0] ?? null);
    const { personId, expiresAt, version } = row;
    const { email, displayName } = await this.vault.open(ctx, profileOf(row));
    const accounts = rows.flatMap(({ accountId }) => (accountId === null ? [] : [{ id: accountId }]));
    const person = { id: personId, email, displayName };
    return { version, view: { person, accounts, session: { id: presented.id, expiresAt } } };
  }

  /**
   * Changes what the caller is called, if her row is still at that version. @returns what {@link me} then shows
   * @throws as {@link authenticate}; Problem person.restricted, person.closing; ResidencyError residency.stale
   */
  async rename(ctx: RegionContext, version: number, displayName: string | null): Promise<Versioned<Me>> {
    const presented = presentedSession(ctx);
    const [first] = await this.sessions.overview(ctx, presented.id);
    const row = this.prove(presented, first ?? null);
    assertPersonMayChange(row.personStatus);
    // As for an account: what was read is what is amended.
    if (row.version !== version) throw new ResidencyError('residency.stale');
    const sealed = await this.vault.amend(ctx, profileOf(row), { displayName });
    await this.persons.update(ctx, row.personId, version, sealed);
    return this.me(ctx);
  }

  /** The row, if it proves the secret of a person who may act. @throws ResidencyError residency.secret_invalid, the same for every reason */
  prove<R extends Proof>(presented: PresentedSecret, row: R | null): R {
    if (!row || !sameHash(row.secretHash, presented.hash)) throw credentialRefused();
    if (row.expiresAt <= this.clock.now() || !mayAct(row.personStatus)) throw credentialRefused();
    return row;
  }
}

function profileOf({ personId, sealed }: { personId: Person['id']; sealed: Buffer }) {
  return { subject: personId, row: personId, set: PERSON_PROFILE, sealed };
}

/** The session secret that the caller presents, by syntax alone. @throws ResidencyError residency.secret_invalid when it is none */
export function presentedSession(ctx: RegionContext): PresentedSecret & { readonly id: SessionId } {
  const { actor } = ctx;
  if (actor.kind !== 'bearer' || actor.secret.prefix !== SECRET_PREFIXES.session) throw credentialRefused();
  return actor.secret as PresentedSecret & { readonly id: SessionId };
}
