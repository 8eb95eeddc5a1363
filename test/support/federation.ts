import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api, Member } from './api.js';
import { type Authority, authority } from './authority.js';
import { CLIENT } from './customer-provider.js';
import type { Answer } from './http.js';
import type { Installation } from './installation.js';
import { NameServer } from './name-server.js';

let domains = 0;
/** A domain that no other test uses. */
export const freshDomain = (): string => `d${process.pid}-${++domains}.example`;

/** What customers bring along, for one spec file: a CA for their providers, and a name server for their domains. */
export class Outside {
  private constructor(
    readonly authority: Authority,
    readonly names: NameServer,
    private readonly caFile: string,
    private readonly codes: readonly string[],
  ) {}

  static async create(installation: Installation): Promise<Outside> {
    const [customers, names] = [await authority('customers'), await new NameServer().start()];
    const caFile = join(installation.folder, 'customers.pem');
    writeFileSync(caFile, customers.pem);
    return new Outside(customers, names, caFile, installation.codes);
  }

  /** The settings of a process that reaches it; loopback is permitted, as everything here is on it. */
  settings(networks = '127.0.0.0/8,::1/128'): Record<string, string> {
    const own = this.codes.map((code) => {
      const prefix = `DOMICILE_${code.toUpperCase()}`;
      return {
        [`${prefix}_PROVIDER_CA_FILE`]: this.caFile,
        [`${prefix}_DNS_SERVERS`]: this.names.address,
        ...(networks === '' ? {} : { [`${prefix}_PROVIDER_NETWORKS`]: networks }),
      };
    });
    return Object.assign({}, ...own) as Record<string, string>;
  }

  stop(): Promise<void> {
    return this.names.stop();
  }
}

/** A domain as the API shows it. */
export interface ShownDomain {
  readonly id: string;
  readonly domain: string;
  readonly status: string;
  readonly record: { readonly name: string; readonly type: string; readonly value: string };
  readonly verifiedAt: string | null;
  readonly missingSince: string | null;
  readonly lapsesAt: string | null;
}

/** A sign-in begun with a provider, as the API shows it. */
export interface Begun {
  readonly signIn: { readonly id: string; readonly token: string };
  readonly continueAt: string;
}

/** One account of a region and what its owner does about domain and provider. */
export class Federated {
  constructor(
    readonly api: Api,
    readonly code: string,
    readonly owner: Member,
    private readonly outside: Outside,
  ) {}

  /** Owner of an account, whose address is of a domain of its own. */
  static async create(api: Api, code: string, outside: Outside, domain = freshDomain()): Promise<Federated> {
    return new Federated(api, code, await api.member(code, { email: `ada@${domain}` }), outside);
  }

  get domain(): string {
    return this.owner.person.email.split('@')[1]!;
  }

  at(more: string): string {
    return `/v1/accounts/${this.owner.account.id}${more}`;
  }

  ask(method: string, more: string, json?: unknown, token = this.owner.session.token): Promise<Answer> {
    return this.api.ask(this.code, this.at(more), { method, token, ...(json === undefined ? {} : { json }) });
  }

  claim(domain = this.domain, token = this.owner.session.token): Promise<Answer> {
    return this.ask('POST', '/domains', { domain }, token);
  }

  verify(id: string): Promise<Answer> {
    return this.ask('POST', `/domains/${id}/verification`);
  }

  async shown(id: string): Promise<ShownDomain> {
    const { domains } = (await this.ask('GET', '/domains')).json<{ domains: ShownDomain[] }>();
    return domains.find((each) => each.id === id)!;
  }

  /** Claims the domain, publishes its record beside what stands there, and has it verified. */
  async verified(domain = this.domain): Promise<ShownDomain> {
    const { id, record } = expected(await this.claim(domain), 201).json<ShownDomain>();
    this.outside.names.publish(record.name, 'v=spf1 -all', record.value);
    return expected(await this.verify(id), 200).json<ShownDomain>();
  }

  /** Sets the provider, with the account's version as it is. */
  async set(issuer: string, change: object = {}, token = this.owner.session.token): Promise<Answer> {
    const { headers } = await this.ask('GET', '', undefined, token);
    return this.api.ask(this.code, this.at('/provider'), {
      method: 'PUT',
      token,
      headers: { 'if-match': headers.etag! },
      json: { issuer, ...CLIENT, ...change },
    });
  }

  /** Changes the policy, with its version as it is. */
  async policy(change: object, token = this.owner.session.token): Promise<Answer> {
    const { headers } = await this.ask('GET', '', undefined, this.owner.session.token);
    return this.api.patch(this.code, this.at('/policy'), token, headers.etag ?? '"v1"', change);
  }

  /** The whole of it: a verified domain and a provider. */
  async ready(issuer: string): Promise<this> {
    await this.verified();
    expected(await this.set(issuer), 200);
    return this;
  }

  begin(email = this.owner.person.email): Promise<Answer> {
    return this.api.ask(this.code, '/v1/sign-ins/provider', { json: { email } });
  }

  async begun(email?: string): Promise<Begun> {
    return expected(await this.begin(email), 201).json<Begun>();
  }

  complete({ signIn }: Begun, json: object, token = signIn.token): Promise<Answer> {
    return this.api.ask(this.code, `/v1/sign-ins/${signIn.id}/provider`, { token, json });
  }
}

/** The answer, if it has that status. @throws Error with what it says otherwise */
export function expected(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`It was answered ${answer.status} ${answer.text}`);
  return answer;
}
