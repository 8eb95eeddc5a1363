import { type Door, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Session } from '../session.entity.js';
import type { SessionId } from '../session.repository.js';

const STORE_PARAMS = { id: value.id(ID_PREFIXES.session), now: value.time, factors: value.text };

/** What sessions were proved with, again. */
export class ProofRepository {
  readonly #store: Statement<Session, typeof STORE_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#store = door.statement({
      name: 'proof.store',
      tables: [Session],
      sql: 'update session set authenticated_at = :now, factors = :factors, version = version + 1 where id = :id',
      params: STORE_PARAMS,
      row: {},
    });
  }

  /** @returns false when the session has ended meanwhile */
  async store(ctx: RegionContext, id: SessionId, now: Date, factors: string): Promise<boolean> {
    return (await this.#store.run(ctx, { id, now, factors })) === 1;
  }
}
