import { type Id, IdCodec } from '@domicile/residency';
import { type Api, type Member } from './api.js';
import { type Answer } from './http.js';

/** What happens to the people in one region's accounts, by the API and beside it. */
export class PeopleOf {
  /** Addresses that were invited, and the ids of what became of it. */
  readonly invited: { readonly email: string; readonly id: string }[] = [];
  readonly #ids: IdCodec;

  constructor(
    readonly api: Api,
    readonly code: string,
  ) {
    this.#ids = new IdCodec(api.regions);
  }

  /** A fresh id of no row. */
  madeUp(prefix: string): Id {
    return this.#ids.mint(prefix, this.api.regions.get(this.code));
  }

  uuid(id: string): string {
    return this.#ids.encode(id, id.slice(0, id.indexOf('_')), this.api.regions.get(this.code));
  }

  sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.api.installation.site(this.code).database.sql('superuser', text, values);
  }

  ask(by: Member | string | undefined, method: string, path: string, json?: unknown, headers = {}): Promise<Answer> {
    const token = typeof by === 'object' ? by.session.token : by;
    return this.api.ask(this.code, path, {
      method,
      headers,
      ...(token === undefined ? {} : { token }),
      ...(json === undefined ? {} : { json }),
    });
  }

  /** A change with the ETag that the path answers now, or that of another one. */
  async change(by: Member, method: string, path: string, json: unknown, read = path): Promise<Answer> {
    const { headers } = await this.ask(by, 'GET', read);
    return this.ask(by, method, path, json, { 'if-match': headers.etag ?? '"v1"' });
  }

  async invite(by: Member, email: string, role = 'member', account = by.account.id): Promise<Answer> {
    const answer = await this.ask(by, 'POST', `/v1/accounts/${account}/invitations`, { email, role });
    if (answer.status === 201) this.invited.push({ email, id: answer.json<{ id: string }>().id });
    return answer;
  }

  async accept(who: Member, id: string): Promise<Answer> {
    const code = await this.api.installation.digits(this.code, id);
    return this.ask(who, 'POST', `/v1/invitations/${id}/acceptance`, { code });
  }

  /** Makes somebody a member the whole way. @throws Error when it was refused */
  async join(by: Member, who: Member, role = 'member'): Promise<void> {
    const { id } = (await this.invite(by, who.person.email, role)).json<{ id: string }>();
    const answer = await this.accept(who, id);
    if (answer.status !== 201) throw new Error(`An acceptance was answered ${answer.status} ${answer.text}`);
  }

  /** Roles by person, as the rows have them. */
  async roles(account: string): Promise<Record<string, string>> {
    const rows = await this.sql('select person_id, role from membership where account_id = $1', [this.uuid(account)]);
    return Object.fromEntries(rows.map(({ person_id: id, role }) => [this.#person(id), String(role)]));
  }

  /** Persons whose own side says that they belong to the account. */
  async affiliated(account: string): Promise<string[]> {
    const rows = await this.sql('select person_id from affiliation where account_id = $1', [this.uuid(account)]);
    return rows.map(({ person_id: id }) => this.#person(id));
  }

  /** What the account's security log tells, in order. */
  async told(account: string): Promise<string[]> {
    const rows = await this.sql('select kind from account_event where account_id = $1 order by id', [
      this.uuid(account),
    ]);
    return rows.map(({ kind }) => String(kind));
  }

  #person(uuid: unknown): string {
    return this.#ids.decode(String(uuid), 'pers', this.api.regions.get(this.code));
  }
}
