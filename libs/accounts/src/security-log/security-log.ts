import type { AccountContext, Door, Id, IdCodec, RegionContext, Table } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { Person } from '../person.entity.js';
import type { SessionId } from '../session.repository.js';
import { AccountEvent } from './account-event.entity.js';
import type { AccountEventKind, PersonEventKind } from './events.js';
import { PersonEvent } from './person-event.entity.js';

/** What happened to a person. */
export interface PersonHappening {
  readonly kind: PersonEventKind;
  readonly personId: Person['id'];
  readonly sessionId?: SessionId;
}

/** What happened in an account. */
export interface AccountHappening {
  readonly kind: AccountEventKind;
  readonly actorId: Person['id'];
  readonly subjectId?: Id;
}

/** Writes the security log: in the transaction of what it tells of, so that neither is there without the other. */
export class SecurityLog {
  readonly #persons: Table<PersonEvent>;
  readonly #accounts: Table<AccountEvent>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
  ) {
    this.#persons = door.table(PersonEvent);
    this.#accounts = door.table(AccountEvent);
  }

  /** Tells of a person. @param tx the transaction of what happened */
  async tell(tx: RegionContext, { kind, personId, sessionId }: PersonHappening): Promise<void> {
    const id = this.ids.mint(ID_PREFIXES.personEvent, tx.region);
    await this.#persons.insert(tx, { id, kind, personId, sessionId: sessionId ?? null });
  }

  /** Tells of an account. @param tx the transaction of what happened, narrowed to the account */
  async tellAccount(tx: AccountContext, { kind, actorId, subjectId }: AccountHappening): Promise<void> {
    const id = this.ids.mint(ID_PREFIXES.accountEvent, tx.region);
    const subjectKind = subjectId === undefined ? null : subjectId.slice(0, subjectId.indexOf('_'));
    await this.#accounts.insert(tx, { id, kind, actorId, subjectKind, subjectId: subjectId ?? null });
  }
}
