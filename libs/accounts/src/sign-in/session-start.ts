import type { Door, RegionContext } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import type { Factor } from '../factor.js';
import type { Person } from '../person.entity.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { SignedIn } from '../session.dto.js';
import type { SessionRepository } from '../session.repository.js';
import type { Sessions } from '../sessions.js';

/** The end of every sign-in: the session, its line in the security log and the kept answer, all or nothing. */
export class SessionStart {
  constructor(
    private readonly door: Door,
    private readonly sessions: Sessions,
    private readonly rows: SessionRepository,
    private readonly log: SecurityLog,
  ) {}

  /** @param within what else belongs to it, first; when it throws nothing is stored */
  async begin(
    ctx: RegionContext,
    personId: Person['id'],
    factors: readonly Factor[],
    keep: Keep<SignedIn> = keptNowhere,
    within: (tx: RegionContext) => Promise<void> = () => Promise.resolve(),
  ): Promise<SignedIn> {
    const { session, row } = this.sessions.prepare(ctx, personId, factors);
    const signedIn: SignedIn = { person: { id: personId }, session };
    await this.door.transaction(ctx, async (tx) => {
      await within(tx);
      await this.rows.insert(tx, row);
      await this.log.tell(tx, { kind: 'session.began', personId, sessionId: session.id });
      await keep(tx, signedIn);
    });
    return signedIn;
  }
}
