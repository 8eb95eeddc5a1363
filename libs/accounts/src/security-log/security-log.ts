import { setTimeout } from 'node:timers/promises';
import {
  type AccountContext,
  type Door,
  type FieldSet,
  type Id,
  type IdCodec,
  type Origin,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import type { Outbox, OutboxId } from '@domicile/messaging';
import { RateCount } from '@domicile/requests';
import { type Clock, ID_PREFIXES, isBranded } from '@domicile/runtime';
import type { BlindIndex, DataKey, Vault } from '@domicile/vault';
import { ACCOUNT_EVENT_ORIGIN, type KeptOrigin, PERSON_EVENT_ORIGIN, type Whence } from '../origin/origin.js';
import { Person } from '../person.entity.js';
import type { SessionId } from '../session.repository.js';
import { AccountEvent } from './account-event.entity.js';
import { type AccountEventKind, ACTORS_EVENTS, NOTICED_EVENTS, type PersonEventKind } from './events.js';
import { PersonEvent } from './person-event.entity.js';

/** Kind of the outbox item that mails a person about a line of her log; its subject is the line's id. */
export const SECURITY_NOTICE = 'security.notice';

/** Purpose of the keyed hash that ids of counts of refused sign-ins are derived from; the hour stands in the value. */
const REFUSED_INDEX = 'security_log.refused';
const HOUR = 60 * 60 * 1000;
/** Refused sign-ins that one person's log takes an hour: a stranger who tries on writes no more. */
export const REFUSED_PER_HOUR_MAX = 10;
/** How long a line waits for the key store; without its key it does not say where it came from. */
const KEY_MILLISECONDS_MAX = 500;
/** Sign-ins that are looked back at to know where a person has been seen. */
const SEEN_MAX = 50;

const event = value.id(ID_PREFIXES.personEvent);
const person = value.id(ID_PREFIXES.person);
const REFUSED_PARAMS = {
  slot: value.id(ID_PREFIXES.rateCount),
  ends: value.time,
  max: value.integer,
  id: event,
  personId: value.nullable(person),
  sealed: value.nullable(value.bytes),
  nobodys: value.list(value.id(ID_PREFIXES.rateCount)),
};
const REFUSED_ROW = { count: value.integer };
const SEALED_PARAMS = { personId: person };
const SEALED_ROW = { sealed: value.bytes };
const SEEN_PARAMS = { personId: person, limit: value.integer };
const SEEN_ROW = { id: event, sealed: value.bytes };

/** Lines that say where the person of `:personId` has signed in, the newest first. */
export const SEEN_SQL = `select id, sealed from person_event
  where person_id = :personId and kind = 'session.began' and sealed is not null order by id desc`;

/**
 * Counts for every address alike, in one statement and one commit, and adds a line where there is a person to tell. Where there is none it
 * adds rows all the same, counts of nothing that go when their hour is over: one for the line, one for the lock that the line takes on its
 * person. A row more or less takes a time that tells.
 */
const REFUSED_SQL = `with counted as (
    insert into rate_count (id, count, expires_at) values (:slot, 1, :ends)
    on conflict (id) do update set count = rate_count.count + 1, version = rate_count.version + 1 returning count
  ), told as (
    insert into person_event (id, person_id, kind, sealed)
    select :id::uuid, :personId::uuid, 'sign_in.refused', :sealed::bytea from counted
    where counted.count <= :max and :personId::uuid is not null
  ), told_nobody as (
    insert into rate_count (id, count, expires_at)
    select nobodys.id, 0, :ends from unnest(:nobodys::uuid[]) as nobodys (id), counted
    where counted.count <= :max and :personId::uuid is null
  ) select count from counted`;

/** What happened to a person. */
export interface PersonHappening {
  readonly kind: PersonEventKind;
  readonly personId: Person['id'];
  readonly sessionId?: SessionId;
  /** Where it came from, see {@link SecurityLog.whence}; null where nobody asked for it, or it is not hers to know. */
  readonly from: Whence | null;
}

/** A line about the beginning of a session. */
export interface BeginningLine extends Pick<PersonEvent, 'id' | 'sealed'> {
  /** The outbox item that mails her; null when she is not to be mailed. */
  readonly noticeId: OutboxId | null;
}

/** A line that says where a person has signed in. */
export interface SeenLine {
  readonly id: PersonEvent['id'];
  readonly sealed: Buffer;
}

/** What happened in an account. */
export interface AccountHappening {
  readonly kind: AccountEventKind;
  /** Null where nobody did it, as time alone passed. */
  readonly actorId: Person['id'] | null;
  readonly subjectId?: Id;
  /** Where it came from, see {@link SecurityLog.whence}; null where nobody asked for it. */
  readonly from: Whence | null;
}

/** Whose logs will be told. */
export interface Told {
  readonly personId?: Person['id'];
  /** Any value sealed under the account's key. */
  readonly account?: Buffer;
}

/** A sign-in that was refused. */
export interface RefusedSignIn {
  /** Blind index of the address, known or not. */
  readonly addressKey: Buffer;
  /** Who has the address, and a value sealed under her key; null for nobody. */
  readonly known: { readonly personId: Person['id']; readonly sealed: Buffer } | null;
}

/** What the security log works with. */
export interface SecurityLogParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly vault: Vault;
  readonly outbox: Outbox;
  readonly blindIndex: BlindIndex;
  readonly clock: Clock;
}

/**
 * Writes the security log: in the transaction of what it tells of, so that neither is there without the other. Who is to know of it at
 * once is mailed, by an outbox item of the same transaction.
 */
export class SecurityLog {
  readonly #persons: Table<PersonEvent>;
  readonly #accounts: Table<AccountEvent>;
  readonly #refused: Statement<RateCount | PersonEvent, typeof REFUSED_PARAMS, typeof REFUSED_ROW>;
  readonly #seen: Statement<PersonEvent, typeof SEEN_PARAMS, typeof SEEN_ROW>;
  readonly #sealedOf: Statement<Person, typeof SEALED_PARAMS, typeof SEALED_ROW>;

  constructor(private readonly parts: SecurityLogParts) {
    const { door } = parts;
    this.#persons = door.table(PersonEvent);
    this.#accounts = door.table(AccountEvent);
    this.#refused = door.statement({
      name: 'security_log.refused',
      tables: [RateCount, PersonEvent],
      sql: REFUSED_SQL,
      params: REFUSED_PARAMS,
      row: REFUSED_ROW,
    });
    this.#seen = door.statement({
      name: 'security_log.seen',
      tables: [PersonEvent],
      sql: `${SEEN_SQL} limit :limit`,
      params: SEEN_PARAMS,
      row: SEEN_ROW,
    });
    this.#sealedOf = door.statement({
      name: 'security_log.sealed_of',
      tables: [Person],
      sql: 'select sealed from person where id = :personId and sealed is not null',
      params: SEALED_PARAMS,
      row: SEALED_ROW,
    });
  }

  /**
   * Where the request came from whose doings are told, with the keys that keep it. Before the transaction: keys are another database's.
   * Where that is away, or holds the key no more, lines are written without it: nobody is kept from ending a session or a token.
   */
  async whence(ctx: RegionContext, { personId, account }: Told): Promise<Whence> {
    const person = personId && (await this.#sealedOf.one(ctx, { personId }))?.sealed;
    const [origin, ...keys] = await Promise.all([ctx.origin(), this.#key(ctx, person), this.#key(ctx, account)]);
    return { origin, person: keys[0], account: keys[1] };
  }

  async #key(ctx: RegionContext, sealed: Buffer | undefined): Promise<DataKey | null> {
    if (!sealed) return null;
    const done = new AbortController();
    const late = setTimeout(KEY_MILLISECONDS_MAX, null, { signal: done.signal }).catch(() => null);
    try {
      return await Promise.race([this.parts.vault.keyOf(ctx, sealed), late]);
    } catch (error) {
      if (isBranded(error) && (error.code === 'residency.unavailable' || error.code.startsWith('vault.'))) return null;
      throw error;
    } finally {
      done.abort();
    }
  }

  /** Tells of a person, and has her mailed if it is one of {@link NOTICED_EVENTS}. @param tx the transaction of what happened */
  async tell(tx: RegionContext, happening: PersonHappening): Promise<void> {
    const line = this.#line(tx, happening);
    await this.#persons.insert(tx, line);
    if ((NOTICED_EVENTS as readonly string[]).includes(line.kind))
      await this.parts.outbox.enqueue(tx, SECURITY_NOTICE, line.id);
  }

  /** The line about a session that begins, for the statement that begins it; she is mailed about one from where she was never seen. */
  beginning(ctx: RegionContext, personId: Person['id'], sessionId: SessionId, from: KeptOrigin): BeginningLine {
    const { origin, key: person, isNew } = from;
    const whence = { origin, person, account: null };
    const { id, sealed } = this.#line(ctx, { kind: 'session.began', personId, sessionId, from: whence });
    return { id, sealed, noticeId: isNew === true ? this.parts.outbox.mint(ctx) : null };
  }

  /**
   * Tells of an account; what its actor is to know of by mail stands in her own log as well.
   * @param tx the transaction of what happened, narrowed to the account
   */
  async tellAccount(tx: AccountContext, { kind, actorId, subjectId, from }: AccountHappening): Promise<void> {
    const id = this.parts.ids.mint(ID_PREFIXES.accountEvent, tx.region);
    const subjectKind = subjectId === undefined ? null : subjectId.slice(0, subjectId.indexOf('_'));
    const place = { subject: tx.accountId, row: id, set: ACCOUNT_EVENT_ORIGIN };
    const sealed = this.#sealed(tx.context, place, from?.origin, from?.account);
    await this.#accounts.insert(tx, { id, kind, actorId, subjectKind, subjectId: subjectId ?? null, sealed });
    const actors = ACTORS_EVENTS[kind];
    if (actors !== undefined && actorId !== null)
      await this.tell(tx.context, { kind: actors, personId: actorId, from });
  }

  /**
   * The same as {@link whence} for a person who signs in: whether she is seen there for the first time, by her last 50 sign-ins. For who
   * has proved herself only: it takes a time that tells.
   * @param sealed any value under her key @param newest of these lines where it has been read already, null where there is none; read here when left out
   */
  async recognise(
    ctx: RegionContext,
    personId: Person['id'],
    sealed: Buffer,
    newest?: SeenLine | null,
  ): Promise<KeptOrigin> {
    const origin = await ctx.origin();
    const kept = { origin, key: await this.parts.vault.keyOf(ctx, sealed) };
    const isThere = async (line: SeenLine): Promise<boolean> => {
      const place = { subject: personId, row: line.id, set: PERSON_EVENT_ORIGIN, sealed: line.sealed };
      const { device, country } = await this.parts.vault.open(ctx, place);
      return device === origin.device && country === origin.country;
    };
    // Mostly she comes from where she came from last: one line tells, and the others are not read.
    const last = newest === undefined ? await this.#seen.one(ctx, { personId, limit: 1 }) : newest;
    if (last && (await isThere(last))) return kept;
    for (const line of last ? await this.#seen.all(ctx, { personId, limit: SEEN_MAX }) : [])
      if (await isThere(line)) return kept;
    return { ...kept, isNew: true };
  }

  /**
   * Counts a refused sign-in, and tells the person, if there is one, of the first {@link REFUSED_PER_HOUR_MAX} of an hour. The same
   * statement with the same commit for every address, as much to store and to seal, and no key asked for: nothing here tells whether
   * there is a person.
   */
  async refuse(ctx: RegionContext, { addressKey, known }: RefusedSignIn): Promise<void> {
    const { ids, blindIndex, vault, clock } = this.parts;
    const origin = await ctx.origin();
    const begins = Math.floor(clock.now().getTime() / HOUR) * HOUR;
    const hash = blindIndex.of(ctx, REFUSED_INDEX, `${begins} ${addressKey.toString('hex')}`);
    const id = ids.mint(ID_PREFIXES.personEvent, ctx.region);
    const place = { subject: known?.personId ?? id, row: id, set: PERSON_EVENT_ORIGIN };
    const key = known && vault.keyAtHand(ctx, known.sealed);
    if (!known) vault.sealNothing(ctx, place, origin);
    await this.#refused.one(ctx, {
      slot: ids.derive(ID_PREFIXES.rateCount, ctx.region, hash),
      ends: new Date(begins + HOUR),
      max: REFUSED_PER_HOUR_MAX,
      id,
      personId: known?.personId ?? null,
      sealed: this.#sealed(ctx, place, origin, key),
      nobodys: [0, 1].map(() => ids.mint(ID_PREFIXES.rateCount, ctx.region)),
    });
  }

  #line(ctx: RegionContext, { kind, personId, sessionId, from }: PersonHappening) {
    const id = this.parts.ids.mint(ID_PREFIXES.personEvent, ctx.region);
    const sealed = this.#sealed(
      ctx,
      { subject: personId, row: id, set: PERSON_EVENT_ORIGIN },
      from?.origin,
      from?.person,
    );
    return { id, kind, personId, sessionId: sessionId ?? null, sealed };
  }

  #sealed<F extends Origin>(
    ctx: RegionContext,
    place: { subject: Id; row: Id; set: FieldSet<F> },
    origin: Origin | undefined,
    key: DataKey | null | undefined,
  ): Buffer | null {
    return origin && key ? this.parts.vault.seal<Origin>(ctx, key, place, origin) : null;
  }
}
