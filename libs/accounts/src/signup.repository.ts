import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { type OutboxId, OutboxItem } from '@domicile/messaging';
import { ID_PREFIXES } from '@domicile/runtime';
import { PendingSignup } from './signup.entity.js';

/** Id of a signup. */
export type SignupId = Id<typeof ID_PREFIXES.signup>;

const id = value.id(ID_PREFIXES.signup);
const START_PARAMS = {
  id,
  sealed: value.bytes,
  policyVersion: value.text,
  expiresAt: value.time,
  codeExpiresAt: value.time,
  mailId: value.id(ID_PREFIXES.outbox),
  mailKind: value.text,
};
const WRONG_PARAMS = { id, now: value.time, max: value.integer };
const WRONG_ROW = { attempts: value.integer };
const REISSUE_PARAMS = { id, now: value.time, codeExpiresAt: value.time, max: value.integer };
const REISSUE_ROW = { issue: value.integer };
const OVER_PARAMS = { before: value.time, limit: value.integer };
const OVER_ROW = { id, sealed: value.nullable(value.bytes) };
const IDS_PARAMS = { ids: value.list(id) };
const MAILED_ROW = {
  id,
  sealed: value.nullable(value.bytes),
  issue: value.integer,
  expiresAt: value.time,
  codeExpiresAt: value.time,
};

/** What the mail of a signup is made from. */
export type MailedSignup = Pick<PendingSignup, keyof typeof MAILED_ROW>;

/** Pending signups of a region. */
export class SignupRepository {
  readonly #signups: Table<PendingSignup>;
  readonly #start: Statement<PendingSignup | OutboxItem, typeof START_PARAMS, Record<never, never>>;
  readonly #countWrong: Statement<PendingSignup, typeof WRONG_PARAMS, typeof WRONG_ROW>;
  readonly #reissue: Statement<PendingSignup, typeof REISSUE_PARAMS, typeof REISSUE_ROW>;
  readonly #over: Statement<PendingSignup, typeof OVER_PARAMS, typeof OVER_ROW>;
  readonly #mailed: Statement<PendingSignup, typeof IDS_PARAMS, typeof MAILED_ROW>;
  readonly #erase: Statement<PendingSignup, typeof IDS_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#signups = door.table(PendingSignup);
    this.#start = door.statement({
      name: 'signup.start',
      tables: [PendingSignup, OutboxItem],
      sql: `with asked as (insert into signup (id, sealed, policy_version, expires_at, code_expires_at)
          values (:id::uuid, :sealed, :policyVersion, :expiresAt, :codeExpiresAt))
        insert into outbox (id, kind, subject_kind, subject_id)
          values (:mailId, :mailKind, '${ID_PREFIXES.signup}', :id::uuid)`,
      params: START_PARAMS,
      row: {},
    });
    this.#countWrong = door.statement({
      name: 'signup.count_wrong',
      tables: [PendingSignup],
      sql: `update signup set attempts = attempts + 1, version = version + 1
        where id = :id and confirmed_at is null and expires_at > :now and code_expires_at > :now
          and attempts < :max returning attempts`,
      params: WRONG_PARAMS,
      row: WRONG_ROW,
    });
    this.#reissue = door.statement({
      name: 'signup.reissue',
      tables: [PendingSignup],
      sql: `update signup set issue = issue + 1, code_expires_at = :codeExpiresAt, version = version + 1
        where id = :id and confirmed_at is null and expires_at > :now and attempts < :max returning issue`,
      params: REISSUE_PARAMS,
      row: REISSUE_ROW,
    });
    this.#over = door.statement({
      name: 'signup.over',
      tables: [PendingSignup],
      sql: 'select id, sealed from signup where expires_at < :before order by expires_at limit :limit',
      params: OVER_PARAMS,
      row: OVER_ROW,
    });
    this.#mailed = door.statement({
      name: 'signup.mailed',
      tables: [PendingSignup],
      sql: `select id, sealed, issue, expires_at as "expiresAt", code_expires_at as "codeExpiresAt"
        from signup where id = any(:ids::uuid[])`,
      params: IDS_PARAMS,
      row: MAILED_ROW,
    });
    this.#erase = door.statement({
      name: 'signup.erase',
      tables: [PendingSignup],
      sql: 'delete from signup where id = any(:ids::uuid[])',
      params: IDS_PARAMS,
      row: {},
    });
  }

  /** Stores a signup and the mail that is to be sent for it, both or neither. @param mail its effect in the outbox */
  async start(
    ctx: RegionContext,
    signup: Pick<PendingSignup, 'id' | 'policyVersion' | 'expiresAt' | 'codeExpiresAt'> & { readonly sealed: Buffer },
    mail: { readonly id: OutboxId; readonly kind: string },
  ): Promise<void> {
    await this.#start.run(ctx, { ...signup, mailId: mail.id, mailKind: mail.kind });
  }

  /** Those of the signups that are there, in no order. */
  mailed(ctx: RegionContext, ids: readonly SignupId[]): Promise<MailedSignup[]> {
    return this.#mailed.all(ctx, { ids });
  }

  /** @throws ResidencyError residency.not_found */
  get(ctx: RegionContext, signup: SignupId): Promise<PendingSignup> {
    return this.#signups.get(ctx, signup);
  }

  /** Counts a wrong code, all at once. @returns false when nothing was counted, as the signup takes no more codes */
  async countWrong(ctx: RegionContext, signup: SignupId, now: Date, max: number): Promise<boolean> {
    return (await this.#countWrong.one(ctx, { id: signup, now, max })) !== null;
  }

  /** Makes another code the one that counts. @returns false when the signup takes no more codes */
  async reissue(
    tx: RegionContext,
    again: { id: SignupId; now: Date; codeExpiresAt: Date; max: number },
  ): Promise<boolean> {
    return (await this.#reissue.one(tx, again)) !== null;
  }

  /** Signups that ended before that time, confirmed or not, at most `limit`, the oldest first. */
  over(ctx: RegionContext, before: Date, limit: number): Promise<{ id: SignupId; sealed: Buffer | null }[]> {
    return this.#over.all(ctx, { before, limit });
  }

  /** Removes signups. @returns how many of them were still there */
  erase(ctx: RegionContext, ids: readonly SignupId[]): Promise<number> {
    return this.#erase.run(ctx, { ids });
  }
}
