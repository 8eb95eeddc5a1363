import { OutboxItem } from '@domicile/messaging';
import { FailureStreak } from '@domicile/requests';
import { type Door, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { KnownDevice } from '../known-devices/known-device.entity.js';
import { SECOND_FACTOR_COLUMNS, SECOND_FACTOR_ROW, SECOND_FACTOR_TABLES } from '../factors/factor.repository.js';
import { DEVICES_MAX } from '../known-devices/known-device.repository.js';
import type { Welcome } from '../known-devices/sign-in-gate.js';
import type { Person } from '../person.entity.js';
import { PersonEvent } from '../security-log/person-event.entity.js';
import { type BeginningLine, SECURITY_NOTICE, SEEN_SQL, type SeenLine } from '../security-log/security-log.js';
import { Session } from '../session.entity.js';
import type { SessionRow } from '../session.repository.js';

const TABLES = [Session, PersonEvent, OutboxItem, KnownDevice, FailureStreak] as const;
const PARAMS = {
  sessionId: value.id(ID_PREFIXES.session),
  personId: value.id(ID_PREFIXES.person),
  secretHash: value.bytes,
  authenticatedAt: value.time,
  factors: value.text,
  providerId: value.nullable(value.id(ID_PREFIXES.provider)),
  expiresAt: value.time,
  lastSeenAt: value.time,
  sessionSealed: value.nullable(value.bytes),
  eventId: value.id(ID_PREFIXES.personEvent),
  eventSealed: value.nullable(value.bytes),
  noticeId: value.nullable(value.id(ID_PREFIXES.outbox)),
  addressStreak: value.nullable(value.id(ID_PREFIXES.failureStreak)),
  deviceStreak: value.nullable(value.id(ID_PREFIXES.failureStreak)),
  deviceId: value.nullable(value.id(ID_PREFIXES.knownDevice)),
  deviceHash: value.nullable(value.bytes),
  deviceExpiresAt: value.nullable(value.time),
};

/**
 * All that a right sign-in leaves behind, in one statement and so all or nothing. The device that is added is not seen by the part that
 * forgets the oldest: it leaves room for it. Two streaks are ended in the order of their ids, as many are counted at once in that order
 * too: the second waits for the first, where parts of a statement have no order by themselves. No list of streaks, and no part that
 * falls away with a null but asks another part: with either, the server finds a plan of its own for every sign-in the cheaper one, and
 * making it costs more than a third of the statement.
 */
const BEGIN_SQL = `with forgiven as (delete from failure_streak
    where id = least(:addressStreak::uuid, :deviceStreak::uuid) returning id),
  forgiven_next as (delete from failure_streak
    where id = greatest(:addressStreak::uuid, :deviceStreak::uuid) and :deviceStreak::uuid is not null
      and (select count(*) from forgiven) < 2),
  known as (insert into known_device (id, person_id, secret_hash, expires_at)
    select :deviceId::uuid, :personId::uuid, :deviceHash::bytea, :deviceExpiresAt::timestamptz where :deviceId::uuid is not null
    returning id),
  outgrown as (delete from known_device where exists (select from known) and id in
    (select id from known_device where person_id = :personId::uuid order by id desc offset ${DEVICES_MAX - 1})),
  begun as (insert into session (id, person_id, secret_hash, authenticated_at, factors, provider_id, expires_at, last_seen_at, sealed)
    values (:sessionId, :personId::uuid, :secretHash, :authenticatedAt, :factors, :providerId, :expiresAt, :lastSeenAt, :sessionSealed)),
  told as (insert into person_event (id, person_id, kind, session_id, sealed)
    values (:eventId, :personId::uuid, 'session.began', :sessionId, :eventSealed))
  insert into outbox (id, kind, subject_kind, subject_id)
    select :noticeId::uuid, '${SECURITY_NOTICE}', '${ID_PREFIXES.personEvent}', :eventId where :noticeId::uuid is not null`;

const AHEAD_TABLES = [...SECOND_FACTOR_TABLES, PersonEvent] as const;
const AHEAD_PARAMS = { personId: PARAMS.personId };
const AHEAD_ROW = { ...SECOND_FACTOR_ROW, newestId: value.nullable(PARAMS.eventId), newestSealed: PARAMS.eventSealed };

const AHEAD_SQL = `select ${SECOND_FACTOR_COLUMNS}, newest.id as "newestId", newest.sealed as "newestSealed"
  from (values (1)) as always left join lateral (${SEEN_SQL} limit 1) as newest on true`;

/** What a sign-in leaves behind. */
export interface Begun {
  readonly session: SessionRow;
  readonly line: BeginningLine;
  /** Left out where no gate let anybody in. */
  readonly welcome?: Welcome | undefined;
}

/** What somebody who has given her password is still to be asked, or greeted with. */
export interface Ahead {
  readonly has: { readonly passkeyCount: number; readonly hasTotp: boolean; readonly recoveryCodeCount: number };
  /** The newest line about where she has signed in; null before the first. */
  readonly newest: SeenLine | null;
}

/** The end of a sign-in: what it depends on, and as it is stored. */
export class ArrivalRepository {
  readonly #ahead: Statement<InstanceType<(typeof AHEAD_TABLES)[number]>, typeof AHEAD_PARAMS, typeof AHEAD_ROW>;
  readonly #begin: Statement<InstanceType<(typeof TABLES)[number]>, typeof PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#ahead = door.statement({
      name: 'arrival.ahead',
      tables: AHEAD_TABLES,
      sql: AHEAD_SQL,
      params: AHEAD_PARAMS,
      row: AHEAD_ROW,
    });
    this.#begin = door.statement({
      name: 'arrival.begin',
      tables: TABLES,
      sql: BEGIN_SQL,
      params: PARAMS,
      row: {},
    });
  }

  /** What lies ahead of who has given her password, in one look. For nobody else: it takes a time that tells. */
  async ahead(ctx: RegionContext, personId: Person['id']): Promise<Ahead> {
    const row = await this.#ahead.one(ctx, { personId });
    if (!row) throw new Error('A statement that always has one row had none.');
    const { newestId: id, newestSealed: sealed, ...has } = row;
    return { has, newest: id && sealed && { id, sealed } };
  }

  /** Stores a session with its line in the security log, the mail about it, and what its {@link Welcome} says. */
  async begin(ctx: RegionContext, { session, line, welcome }: Begun): Promise<void> {
    const { id: sessionId, sealed: sessionSealed, ...row } = session;
    const device = welcome?.known?.row;
    await this.#begin.run(ctx, {
      ...row,
      sessionId,
      sessionSealed,
      eventId: line.id,
      eventSealed: line.sealed,
      noticeId: line.noticeId,
      addressStreak: welcome?.streaks.address ?? null,
      deviceStreak: welcome?.streaks.device ?? null,
      deviceId: device?.id ?? null,
      deviceHash: device?.secretHash ?? null,
      deviceExpiresAt: device?.expiresAt ?? null,
    });
  }
}
