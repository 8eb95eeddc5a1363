import { IdCodec } from '@domicile/residency';
import type { Api, Member } from './api.js';
import type { TestDatabase } from './databases.js';

/** An account or a person: who has a life, and a key. */
export type Subject = 'account' | 'person';

/** What an operator's tools will do to subjects, done by SQL beside a running API. */
export class Operator {
  constructor(private readonly api: Api) {}

  /** Moves a subject to a state of its life. @returns the version that its row then has */
  async put(subject: Subject, code: string, member: Member, status: string): Promise<number> {
    const rows = await this.#rows(code).sql(
      'superuser',
      `update ${subject} set status = $1, version = version + 1 where id = $2 returning version`,
      [status, this.#uuid(subject, code, member)],
    );
    return Number(this.#one(rows)['version']);
  }

  /** Id of the key that seals a subject's profile, as its row says. */
  async keyOf(subject: Subject, code: string, member: Member): Promise<string> {
    const rows = await this.#rows(code).sql(
      'superuser',
      `select encode(substr(sealed, 2, 16), 'hex')::uuid as key from ${subject} where id = $1`,
      [this.#uuid(subject, code, member)],
    );
    return String(this.#one(rows)['key']);
  }

  /** Destroys a subject's key and says so, in the key store alone: what comes first in an erasure. */
  async destroyKey(subject: Subject, code: string, member: Member): Promise<void> {
    const key = await this.keyOf(subject, code, member);
    const { keyStore } = this.api.installation.site(code);
    this.#one(await keyStore.sql('superuser', 'delete from data_key where id = $1 returning id', [key]));
    await keyStore.sql('superuser', `insert into tombstone (id, ${subject}_id) values ($1, $2)`, [
      key,
      this.#uuid(subject, code, member),
    ]);
  }

  #rows(code: string): TestDatabase {
    return this.api.installation.site(code).database;
  }

  #uuid(subject: Subject, code: string, member: Member): string {
    const { regions } = this.api;
    return new IdCodec(regions).encode(member[subject].id, subject === 'account' ? 'acct' : 'pers', regions.get(code));
  }

  #one(rows: Record<string, unknown>[]): Record<string, unknown> {
    if (rows.length !== 1) throw new Error(`One row was to be there, and there are ${rows.length}.`);
    return rows[0]!;
  }
}
