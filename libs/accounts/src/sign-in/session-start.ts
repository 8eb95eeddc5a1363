import type { Door, RegionContext } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import type { ProviderId } from '../account.entity.js';
import type { Factor } from '../factor.js';
import type { Welcome } from '../known-devices/sign-in-gate.js';
import type { Person } from '../person.entity.js';
import type { PersonRepository } from '../person.repository.js';
import type { SecurityLog, SeenLine } from '../security-log/security-log.js';
import type { Sessions } from '../sessions.js';
import type { SignedInSession } from '../sign-in.js';
import type { ArrivalRepository } from './arrival.repository.js';

/** Who has proved herself, and with what. */
export interface Arrival {
  readonly personId: Person['id'];
  /** Any value sealed under her key, if there is one at hand. */
  readonly sealed?: Buffer;
  readonly factors: readonly Factor[];
  /** The newest line about where she has signed in, null for none; left out where it has not been read. */
  readonly newest?: SeenLine | null;
  /** The account's own provider that has proved it. */
  readonly providerId?: ProviderId;
}

/** What the end of a sign-in works with. */
export interface SessionStartParts {
  readonly door: Door;
  readonly sessions: Sessions;
  readonly persons: PersonRepository;
  readonly log: SecurityLog;
  readonly arrivals: ArrivalRepository;
}

/** What else belongs to a sign-in. */
export interface Alongside {
  readonly keep?: Keep<SignedInSession> | undefined;
  /** Of the gate that let her in. */
  readonly welcome?: Welcome | undefined;
  /** What comes first, in the same transaction; when it throws nothing is stored. */
  readonly first?: ((tx: RegionContext) => Promise<void>) | undefined;
}

/** The end of every sign-in: the session, its line in the security log and the kept answer, all or nothing. */
export class SessionStart {
  constructor(private readonly parts: SessionStartParts) {}

  /** Begins a session. @throws what `first` and `keep` throw */
  async begin(
    ctx: RegionContext,
    { personId, sealed, factors, newest, providerId }: Arrival,
    { keep = keptNowhere, welcome, first }: Alongside = {},
  ): Promise<SignedInSession> {
    const { door, sessions, persons, log, arrivals } = this.parts;
    const own = sealed ?? (await persons.get(ctx, personId)).sealed;
    const from = await log.recognise(ctx, personId, own, newest);
    const { session, row } = sessions.prepare(ctx, personId, factors, from, providerId);
    const begun = { session: row, line: log.beginning(ctx, personId, row.id, from), welcome };
    const device = welcome?.known?.device;
    const answer: SignedInSession = { person: { id: personId }, session, ...(device && { device }) };
    // One statement is whole by itself; what comes before or after it needs a transaction around both.
    if (keep === keptNowhere && !first) await arrivals.begin(ctx, begun);
    else
      await door.transaction(ctx, async (tx) => {
        await first?.(tx);
        await arrivals.begin(tx, begun);
        await keep(tx, answer);
      });
    return answer;
  }
}
