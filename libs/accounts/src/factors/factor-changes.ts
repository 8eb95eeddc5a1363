import { credentialRefused, type Door, type RegionContext, ResidencyError } from '@domicile/residency';
import { assertPersonMayChange } from '../life-cycle.js';
import type { PersonRepository } from '../person.repository.js';
import type { PersonEventKind } from '../security-log/events.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { SessionRepository } from '../session.repository.js';
import type { ProvenSession } from '../sessions.js';

/** Changing what a person proves herself with. */
export class FactorChanges {
  constructor(
    private readonly door: Door,
    private readonly persons: PersonRepository,
    private readonly sessions: SessionRepository,
    private readonly log: SecurityLog,
  ) {}

  /**
   * One change, its line in the security log, and the end of every other session and begun sign-in of the person: all or nothing.
   * Changes of one person come one after the other, so what `work` reads of her factors holds until it is stored.
   * @param proven the session that asks; by {@link Sessions.authenticateFreshly}
   * @throws Problem person.restricted, person.closing; ResidencyError residency.secret_invalid when another change has ended the session
   */
  async make<T>(
    ctx: RegionContext,
    { personId, sessionId }: ProvenSession,
    kind: PersonEventKind,
    work: (tx: RegionContext) => Promise<T>,
  ): Promise<T> {
    const from = await this.log.whence(ctx, { personId });
    return this.door.transaction(ctx, async (tx) => {
      const locked = await this.persons.lock(tx, personId);
      if (!locked) throw new ResidencyError('residency.not_found');
      assertPersonMayChange(locked.status);
      if (!(await this.sessions.isThere(tx, sessionId))) throw credentialRefused();
      const result = await work(tx);
      await this.sessions.endAll(tx, personId, sessionId);
      await this.log.tell(tx, { kind, personId, sessionId, from });
      return result;
    });
  }
}
