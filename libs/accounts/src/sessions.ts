import {
  credentialRefused,
  type Door,
  type IdCodec,
  type PresentedSecret,
  type RegionContext,
  ResidencyError,
  sameHash,
  type SecretCodec,
} from '@domicile/residency';
import {
  type Clock,
  ID_PREFIXES,
  Problem,
  SECRET_PREFIXES,
  type SessionSettings,
  type Versioned,
} from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { Me } from './account.dto.js';
import type { ProviderId } from './account.entity.js';
import type { AccountErrorCode } from './account-errors.js';
import { assertOwnFactor, type Factor, factorsText, readFactors } from './factor.js';
import { type LastSeen, NOTE_MILLISECONDS_MAX } from './last-seen.js';
import { assertPersonMayChange, mayAct } from './life-cycle.js';
import { type KeptOrigin, SESSION_ORIGIN, type Whence } from './origin/origin.js';
import { type Person, PERSON_PROFILE } from './person.entity.js';
import type { PersonRepository } from './person.repository.js';
import type { SecurityLog } from './security-log/security-log.js';
import type { SessionId, SessionRepository, SessionRow } from './session.repository.js';

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

/** What must match the presented secret. */
interface Proof {
  readonly secretHash: Buffer;
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
  readonly personStatus: string;
}

/** What sessions work with. */
export interface SessionsParts {
  readonly door: Door;
  readonly sessions: SessionRepository;
  readonly lastSeen: LastSeen;
  readonly ids: IdCodec;
  readonly secrets: SecretCodec;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly persons: PersonRepository;
  readonly log: SecurityLog;
  readonly settings: SessionSettings;
}

/** Begins sessions, proves them, and gives them other secrets. */
export class Sessions {
  constructor(private readonly parts: SessionsParts) {}

  /**
   * A session for a person who has just proved who she is: what is shown, and the row for who stores it.
   * @param from where she is, if that is known @param providerId of the account's own provider that has proved it
   */
  prepare(
    ctx: RegionContext,
    personId: Person['id'],
    factors: readonly Factor[],
    from?: KeptOrigin,
    providerId: ProviderId | null = null,
  ): { session: NewSession; row: SessionRow } {
    const { ids, secrets, clock, vault, settings } = this.parts;
    const now = clock.now();
    const id = ids.mint(ID_PREFIXES.session, ctx.region);
    const expiresAt = new Date(now.getTime() + settings.absoluteMilliseconds);
    const { text, hash } = secrets.mint(SECRET_PREFIXES.session, ctx.region, id);
    const place = { subject: personId, row: id, set: SESSION_ORIGIN };
    const sealed = from ? vault.seal(ctx, from.key, place, from.origin) : null;
    return {
      session: { id, token: text, expiresAt },
      row: {
        id,
        personId,
        secretHash: hash,
        authenticatedAt: now,
        factors: factorsText(factors),
        providerId,
        expiresAt,
        lastSeenAt: now,
        sealed,
      },
    };
  }

  /** The session that the caller presents. @throws ResidencyError residency.secret_invalid when it is none, wrong or over */
  async authenticate(ctx: RegionContext): Promise<ProvenSession> {
    const presented = presentedSession(ctx);
    const row = this.proven(ctx, presented, await this.parts.sessions.proof(ctx, presented.id));
    const { personId, authenticatedAt, expiresAt } = row;
    return { sessionId: presented.id, personId, authenticatedAt, factors: readFactors(row.factors), expiresAt };
  }

  /**
   * The same, if the person proved herself a short while ago: what cannot be undone asks for it, so that a device left open is not enough.
   * And with something of her own: an account's provider speaks for its account, and does not change how she signs in.
   * @throws as {@link authenticate}; Problem session.not_fresh, session.own_factor_required
   */
  async authenticateFreshly(ctx: RegionContext): Promise<ProvenSession> {
    const proven = await this.authenticate(ctx);
    this.assertFresh(proven.authenticatedAt);
    assertOwnFactor(proven.factors);
    return proven;
  }

  /** For a proof that another statement has read. @throws Problem session.not_fresh when it is older than ten minutes */
  assertFresh(authenticatedAt: Date): void {
    if (this.parts.clock.now().getTime() - authenticatedAt.getTime() > FRESH_MILLISECONDS)
      throw new Problem('session.not_fresh' satisfies AccountErrorCode);
  }

  /** Ends the session that the caller presents. @throws as {@link authenticate} */
  async end(ctx: RegionContext): Promise<void> {
    const { sessionId, personId } = await this.authenticate(ctx);
    const { door, sessions, log } = this.parts;
    const from = await log.whence(ctx, { personId });
    await door.transaction(ctx, async (tx) => {
      if (await sessions.end(tx, sessionId)) await log.tell(tx, { kind: 'session.ended', personId, sessionId, from });
    });
  }

  /**
   * Gives the session that the caller presents another secret; the one presented is worth nothing from then on. For whatever changes
   * what the session may do: a secret that was known before must not gain by it.
   * @param tx the transaction of that change
   * @param factors what she has just proved herself with; left out, the proof stays as old as it is
   * @returns the secret, shown this once; the session's id and end stay
   * @throws ResidencyError residency.secret_invalid, for all but one of many at once
   */
  async rotate(tx: RegionContext, factors?: readonly Factor[]): Promise<NewSession> {
    const { secrets, sessions, clock } = this.parts;
    const { id, hash: oldHash } = presentedSession(tx);
    const { text, hash: newHash } = secrets.mint(SECRET_PREFIXES.session, tx.region, id);
    const proof = factors ? factorsText(factors) : null;
    const rotation = { sessionId: id, oldHash, newHash, factors: proof, now: clock.now() };
    const row = await sessions.rotate(tx, rotation);
    if (!row) throw credentialRefused();
    return { id, token: text, expiresAt: row.expiresAt };
  }

  /**
   * Ends every session of a person but that one, and says so in her log if there was any.
   * @param tx the transaction of what asks for it @param from see {@link SecurityLog.whence} @returns how many
   */
  async endOthers(
    tx: RegionContext,
    personId: Person['id'],
    but: SessionId | null,
    from: Whence | null,
  ): Promise<number> {
    const ended = await this.parts.sessions.endAll(tx, personId, but);
    const kind = 'session.others_revoked';
    if (ended > 0) await this.parts.log.tell(tx, { kind, personId, from, ...(but === null ? {} : { sessionId: but }) });
    return ended;
  }

  /** The caller's own person, accounts (100 at most) and session, at the version of the person's row. @throws as {@link authenticate} */
  async me(ctx: RegionContext): Promise<Versioned<Me>> {
    const presented = presentedSession(ctx);
    const rows = await this.parts.sessions.overview(ctx, presented.id);
    const row = this.proven(ctx, presented, rows[0] ?? null);
    const { personId, expiresAt, version } = row;
    const { email, displayName } = await this.parts.vault.open(ctx, profileOf(row));
    const accounts = rows.flatMap(({ accountId }) => (accountId === null ? [] : [{ id: accountId }]));
    const person = { id: personId, email, displayName };
    return { version, view: { person, accounts, session: { id: presented.id, expiresAt } } };
  }

  /**
   * Changes what the caller is called, if her row is still at that version. @returns what {@link me} then shows
   * @throws as {@link authenticate}; Problem person.restricted, person.closing; ResidencyError residency.stale
   */
  async rename(ctx: RegionContext, version: number, displayName: string | null): Promise<Versioned<Me>> {
    const { sessions, vault, persons } = this.parts;
    const presented = presentedSession(ctx);
    const [first] = await sessions.overview(ctx, presented.id);
    const row = this.proven(ctx, presented, first ?? null);
    assertPersonMayChange(row.personStatus);
    // As for an account: what was read is what is amended.
    if (row.version !== version) throw new ResidencyError('residency.stale');
    const sealed = await vault.amend(ctx, profileOf(row), { displayName });
    await persons.update(ctx, row.personId, version, sealed);
    return this.me(ctx);
  }

  /** The row, if it proves the secret of a person who may act. @throws ResidencyError residency.secret_invalid, the same for every reason */
  prove<R extends Proof>(presented: PresentedSecret, row: R | null): R {
    if (!row || !sameHash(row.secretHash, presented.hash)) throw credentialRefused();
    const now = this.parts.clock.now();
    if (row.expiresAt <= now || row.lastSeenAt <= this.idleSince(now)) throw credentialRefused();
    if (!mayAct(row.personStatus)) throw credentialRefused();
    return row;
  }

  /** The same, and has it noted that the session is in use, see {@link LastSeen}. */
  proven<R extends Proof>(
    ctx: RegionContext,
    presented: PresentedSecret & { readonly id: SessionId },
    row: R | null,
  ): R {
    const found = this.prove(presented, row);
    this.noteUse(ctx, presented.id, found.lastSeenAt);
    return found;
  }

  /** Has it noted that a proven session is in use, see {@link LastSeen}. @param lastSeenAt as it was read */
  noteUse(ctx: RegionContext, id: SessionId, lastSeenAt: Date): void {
    this.parts.lastSeen.note(ctx, id, lastSeenAt);
  }

  /** Sessions that were last used then are over. */
  idleSince(now: Date): Date {
    return new Date(now.getTime() - this.parts.settings.idleMilliseconds - NOTE_MILLISECONDS_MAX);
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
