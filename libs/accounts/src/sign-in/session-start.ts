import type { Door, RegionContext } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import type { ProviderId } from '../account.entity.js';
import type { Factor } from '../factor.js';
import type { NewDevice } from '../known-devices/known-devices.js';
import type { Origin } from '../origin/origin.js';
import type { Person } from '../person.entity.js';
import type { PersonRepository } from '../person.repository.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { Sessions } from '../sessions.js';
import type { SignedInSession } from '../sign-in.js';

/** Who has proved herself, with what and from where. */
export interface Arrival {
  readonly personId: Person['id'];
  /** Any value sealed under her key, if there is one at hand. */
  readonly sealed?: Buffer;
  readonly factors: readonly Factor[];
  readonly origin: Origin;
  /** The account's own provider that has proved it. */
  readonly providerId?: ProviderId;
}

/** What the end of a sign-in works with. */
export interface SessionStartParts {
  readonly door: Door;
  readonly sessions: Sessions;
  readonly persons: PersonRepository;
  readonly log: SecurityLog;
}

/** The end of every sign-in: the session, its line in the security log and the kept answer, all or nothing. */
export class SessionStart {
  constructor(private readonly parts: SessionStartParts) {}

  /** @param within what else belongs to it, first; when it throws nothing is stored. @returns with the device that `within` has made known */
  async begin(
    ctx: RegionContext,
    { personId, sealed, factors, origin, providerId }: Arrival,
    keep: Keep<SignedInSession> = keptNowhere,
    within: (tx: RegionContext) => Promise<NewDevice | undefined> = () => Promise.resolve(undefined),
  ): Promise<SignedInSession> {
    const { door, sessions, persons, log } = this.parts;
    const own = sealed ?? (await persons.get(ctx, personId)).sealed;
    const from = await log.recognise(ctx, personId, own, origin);
    const { session, row } = sessions.prepare(ctx, personId, factors, from, providerId);
    const signedIn = await door.transaction(ctx, async (tx) => {
      const device = await within(tx);
      await sessions.begin(tx, row, from);
      const answer: SignedInSession = { person: { id: personId }, session, ...(device && { device }) };
      await keep(tx, answer);
      return answer;
    });
    return signedIn;
  }
}
