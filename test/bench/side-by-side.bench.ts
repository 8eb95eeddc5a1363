import { PASSWORD } from '../support/api.js';
import { Contestant } from './contestant.js';
import type { LoadGenerator, Stream } from './load.js';
import type { Bench } from './main.js';
import { getRequest, postRequest } from './population.js';
import { askForSignups, freshEmail, pendingSignups, PEOPLE, signIns } from './signups.js';
import { rounds } from './slices.js';
import { judge, mean } from './statistics.js';

const CONNECTIONS = 16;

/**
 * Where better-auth and ours do the same for a customer: sign-in, signup, and a read that a session proves; no password is hashed. R0 stands
 * beside them: it says what a bare server reaches that does our work, on this machine, without residency and sealing.
 */
export const sideBySide: Bench = async ({ load, effort, note }) => {
  const [ours, bare, other] = await Promise.all([
    Contestant.ours({ hashes: false }),
    Contestant.reference('r0', { hashes: false }),
    Contestant.betterAuth(),
  ]);
  const all = [ours, bare, other];
  try {
    const doing = new Map<Contestant, Doing>([
      [ours, new Ours(load, ours)],
      [bare, new Ours(load, bare)],
      [other, new BetterAuth(load, other)],
    ]);
    const findings = [];
    for (const [what, target] of TARGETS) {
      const count = COUNTS[what] * effort.sliceSeconds;
      const found = await rounds(`side by side, ${what}`, Math.ceil(effort.slices / 3), all, (each) =>
        doing.get(each)![what](count),
      );
      const against = (one: Contestant) =>
        found.get(one)!.map((speed, i) => ({ ours: speed, reference: found.get(other)![i]! }));
      note(`${what}: ours ${mean(found.get(ours)!).toFixed(0)} /s`);
      findings.push(
        judge(`side-by-side.${what}.better-auth`, '/s', target, against(ours)),
        judge(`side-by-side.${what}.r0.better-auth`, '/s', '-', against(bare)),
      );
    }
    return findings;
  } finally {
    await Promise.all(all.map((each) => each.close()));
  }
};

const TARGETS = [
  ['signIn', '>= 5'],
  ['signup', '>= 3'],
  ['read', '>= 8'],
] as const;
/** Requests of a slice, for each of its seconds: enough that the slower one is busy as long as that. */
const COUNTS = { signIn: 60, signup: 60, read: 300 } as const;

/** What is done for a customer, each as fast as answers come. @returns how many a second */
type Doing = Readonly<Record<'signIn' | 'signup' | 'read', (count: number) => Promise<number>>>;

/** By our paths, which R0 has as well. */
class Ours implements Doing {
  constructor(
    private readonly load: LoadGenerator,
    private readonly contestant: Contestant,
  ) {}

  async signIn(count: number): Promise<number> {
    return this.#speed(await signIns(this.load, this.contestant, count), 201, '"token"');
  }

  /** Both requests of a signup; the mail between them is waited for and not counted. */
  async signup(count: number): Promise<number> {
    const { seconds, confirmations } = await askForSignups(this.load, this.contestant, count);
    return 1 / (seconds / count + 1 / (await this.#speed(confirmations, 201, '"account"')));
  }

  async read(count: number): Promise<number> {
    const requests = await pendingSignups(this.load, this.contestant, PEOPLE);
    const { port, host } = this.contestant;
    const [made] = await this.load.run({
      port,
      source: { kind: 'list', requests },
      expect: 201,
      connections: CONNECTIONS,
      keepBodies: true,
    });
    const reads = made!.bodies.map((body) => {
      const { account, session } = JSON.parse(body) as { account: { id: string }; session: { token: string } };
      return getRequest(host, `/v1/accounts/${account.id}`, `authorization: Bearer ${session.token}`);
    });
    return this.#speed(repeated(reads, count * 8), 200, '"permissions"');
  }

  #speed(requests: string[], expect: number, contains: string): Promise<number> {
    return speed(this.load, this.contestant, requests, { expect, contains });
  }
}

/** Its signup is one request, without the second one that proves the mailbox. */
class BetterAuth implements Doing {
  readonly #cookies: string[] = [];

  constructor(
    private readonly load: LoadGenerator,
    private readonly contestant: Contestant,
  ) {}

  async signIn(count: number): Promise<number> {
    const emails = await this.#people();
    const requests = emails.map((email) =>
      postRequest(this.contestant.host, '/api/auth/sign-in/email', { email, password: PASSWORD }),
    );
    return this.#speed(repeated(requests, count), '"token"');
  }

  signup(count: number): Promise<number> {
    return this.#speed(
      Array.from({ length: count }, () => this.#signup(freshEmail())),
      '"user"',
    );
  }

  async read(count: number): Promise<number> {
    if (this.#cookies.length === 0)
      for (const email of (await this.#people()).slice(0, 20)) this.#cookies.push(await this.#cookie(email));
    const { host } = this.contestant;
    const requests = this.#cookies.map((cookie) => getRequest(host, '/api/auth/get-session', `cookie: ${cookie}`));
    // Who is nobody is answered 200 as well.
    return this.#speed(repeated(requests, count), '"session"');
  }

  async #people(): Promise<string[]> {
    const emails = Array.from({ length: PEOPLE }, freshEmail);
    await this.#speed(
      emails.map((email) => this.#signup(email)),
      '"user"',
    );
    return emails;
  }

  #speed(requests: string[], contains: string): Promise<number> {
    return speed(this.load, this.contestant, requests, { expect: 200, contains });
  }

  #signup(email: string): string {
    return postRequest(this.contestant.host, '/api/auth/sign-up/email', {
      email,
      password: PASSWORD,
      name: 'Analytical Engines',
    });
  }

  async #cookie(email: string): Promise<string> {
    const { host } = this.contestant;
    const answer = await fetch(`http://${host}/api/auth/sign-in/email`, {
      method: 'POST',
      // Node says that it fetches across origins, and better-auth then wants to know from which.
      headers: { 'content-type': 'application/json', origin: `http://${host}` },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    if (answer.status !== 200) throw new Error(`A sign-in was answered ${answer.status}: ${await answer.text()}`);
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0]!)
      .join('; ');
  }
}

function repeated(requests: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => requests[i % requests.length]!);
}

async function speed(
  load: LoadGenerator,
  { port }: Contestant,
  requests: string[],
  right: Required<Pick<Stream, 'expect' | 'contains'>>,
): Promise<number> {
  const [outcome] = await load.run({ port, source: { kind: 'list', requests }, ...right, connections: CONNECTIONS });
  return outcome!.count / outcome!.seconds;
}
