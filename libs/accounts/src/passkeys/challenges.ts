import { randomBytes } from 'node:crypto';
import { type Door, type Id, type IdCodec, type RegionContext, type Statement, value } from '@domicile/residency';
import { type Clock, ID_PREFIXES } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { PasskeyChallenge } from './passkey.entity.js';

/** How long somebody has to answer. */
export const CHALLENGE_TTL_MILLISECONDS = 5 * 60 * 1000;

/** Purpose of the keyed hash that ids of challenges are derived from. */
const INDEX = 'passkey.challenge';

/** What a challenge is for: an answer to it is worth nothing anywhere else. */
export type Ceremony =
  | { readonly kind: 'register'; readonly by: Id }
  | { readonly kind: 'sign_up'; readonly by: Id }
  | { readonly kind: 'sign_in' }
  | { readonly kind: 'second_step'; readonly by: Id }
  | { readonly kind: 'proof'; readonly by: Id };

const id = value.id(ID_PREFIXES.challenge);
const ADD_PARAMS = { id, expiresAt: value.time };
const TAKE_PARAMS = { id, now: value.time };
const OVER_PARAMS = { before: value.time, limit: value.integer };

/** Challenges of WebAuthn: 256 random bits, good for one answer within five minutes, in this region and for that ceremony. */
export class Challenges {
  readonly #add: Statement<PasskeyChallenge, typeof ADD_PARAMS, Record<never, never>>;
  readonly #take: Statement<PasskeyChallenge, typeof TAKE_PARAMS, Record<never, never>>;
  readonly #eraseOver: Statement<PasskeyChallenge, typeof OVER_PARAMS, Record<never, never>>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
  ) {
    const tables = [PasskeyChallenge] as const;
    this.#add = door.statement({
      name: 'passkey_challenge.add',
      tables,
      sql: 'insert into passkey_challenge (id, expires_at) values (:id, :expiresAt)',
      params: ADD_PARAMS,
      row: {},
    });
    this.#take = door.statement({
      name: 'passkey_challenge.take',
      tables,
      sql: 'delete from passkey_challenge where id = :id and expires_at > :now',
      params: TAKE_PARAMS,
      row: {},
    });
    this.#eraseOver = door.statement({
      name: 'passkey_challenge.erase_over',
      tables,
      sql: `delete from passkey_challenge where id in
        (select id from passkey_challenge where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /** A new challenge. @returns base64url */
  async make(ctx: RegionContext, ceremony: Ceremony): Promise<string> {
    const challenge = randomBytes(32).toString('base64url');
    const expiresAt = new Date(this.clock.now().getTime() + CHALLENGE_TTL_MILLISECONDS);
    await this.#add.run(ctx, { id: this.#id(ctx, ceremony, challenge), expiresAt });
    return challenge;
  }

  /** Uses a challenge up, whatever comes of the answer: of many at once one finds it. @returns false when there is none for that ceremony */
  async take(ctx: RegionContext, ceremony: Ceremony, challenge: string): Promise<boolean> {
    return (await this.#take.run(ctx, { id: this.#id(ctx, ceremony, challenge), now: this.clock.now() })) === 1;
  }

  /** Removes challenges that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }

  #id(ctx: RegionContext, ceremony: Ceremony, challenge: string): PasskeyChallenge['id'] {
    const whose = 'by' in ceremony ? ceremony.by : '';
    const hash = this.index.of(ctx, INDEX, JSON.stringify([ceremony.kind, whose, challenge]));
    return this.ids.derive(ID_PREFIXES.challenge, ctx.region, hash);
  }
}
