import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { type Id, type RegionContext, Regions } from '@domicile/residency';
import { BlindIndex, RegionKeys } from '@domicile/vault';
import { regionLogFile } from '@domicile/runtime';
import { diesWithUs, SERVING_NODE } from '../../apps/cli/src/local/child-command.js';
import { freeLoopbackPort } from '../../apps/cli/src/local/ports.js';
import { type Answer, type Ask, ask } from './http.js';
import type { Installation } from './installation.js';
import { inLetters } from './names.js';

/** The built processes, and the event by which each says that it is ready. */
export const PROCESS_KINDS = {
  api: { main: join(import.meta.dirname, '../../dist/apps/api/src/main.js'), ready: 'api.listening', log: 'api' },
  worker: {
    main: join(import.meta.dirname, '../../dist/apps/worker/src/main.js'),
    ready: 'worker.ready',
    log: 'worker',
  },
  // Serves no region, and so has no log of one.
  frontDoor: {
    main: join(import.meta.dirname, '../../dist/apps/front-door/src/main.js'),
    ready: 'front_door.listening',
    log: undefined,
  },
} as const;
export type ProcessKind = (typeof PROCESS_KINDS)[keyof typeof PROCESS_KINDS];

/** Compiled code of an earlier start, see global-setup.mjs: saves a fifth of each start. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE']! };

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One built process, of the API unless told otherwise, with exactly the environment it is given; it ends with this one, whatever happens. */
export class ApiProcess {
  readonly ended: Promise<Ending>;
  /** Everything it wrote so far. */
  output = '';
  errors = '';
  readonly #child: ChildProcess;
  readonly #listening: Promise<number>;
  readonly #logs: readonly RegionLog[];

  constructor(
    readonly environment: Readonly<Record<string, string>>,
    readonly kind: ProcessKind = PROCESS_KINDS.api,
  ) {
    this.#logs = RegionLog.allOf(environment, kind.log);
    const [program, ...words] = diesWithUs('TERM', [process.execPath, ...SERVING_NODE, kind.main]);
    const child = spawn(program, words, {
      env: { ...COMPILE_CACHE, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.#listening = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.output += `${line}\n`;
        if (!line.includes(`"${kind.ready}"`)) return;
        resolve((JSON.parse(line) as { port?: number }).port ?? 0);
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Its port, once it listens; 0 for a worker that is ready. @throws Error with its last words when it ends instead */
  async listening(): Promise<number> {
    const outcome = await Promise.race([this.#listening, this.ended]);
    if (typeof outcome === 'number') return outcome;
    throw new Error(
      `The ${this.kind.log ?? 'front door'} ended (${outcome.code ?? outcome.signal}) before it listened: ${this.errors}`,
    );
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(signal);
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<Ending> {
    this.kill(signal);
    return this.ended;
  }

  /** What it has written to the logs of its regions so far. */
  get regional(): string {
    return this.#logs.map((log) => log.text).join('');
  }

  /** Its log lines of that event, wherever they went. */
  events(name: string): Record<string, unknown>[] {
    const lines = (this.output + this.regional).split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ event }) => event === name);
  }
}

/** What one process adds to the log of a region that it serves together with others. */
class RegionLog {
  readonly #start: number;

  private constructor(readonly file: string) {
    this.#start = existsSync(file) ? statSync(file).size : 0;
  }

  static allOf(environment: Readonly<Record<string, string>>, log: ProcessKind['log']): readonly RegionLog[] {
    const { DOMICILE_SERVES: served = '', DOMICILE_TOPOLOGY: topology } = environment;
    if (topology !== 'combined' || log === undefined) return [];
    const homes = served.split(',').map((code) => environment[`DOMICILE_${code.toUpperCase()}_HOME`]);
    return homes.filter((home) => home !== undefined).map((home) => new RegionLog(regionLogFile(home, log)));
  }

  get text(): string {
    return existsSync(this.file) ? readFileSync(this.file).subarray(this.#start).toString('utf8') : '';
  }
}

/** What a signup answers. */
export interface PendingSignup {
  readonly id: string;
  readonly hostingRegion: string;
  readonly expiresAt: string;
  readonly codeExpiresAt: string;
}

/** What a confirmation answers, and what was typed. */
export interface Member {
  readonly account: { readonly id: string; readonly hostingRegion: string; readonly name: string };
  readonly person: { readonly id: string; readonly email: string; readonly displayName: string | null };
  readonly session: { readonly id: string; readonly token: string; readonly expiresAt: string };
}

/** What a person types at a signup. */
export type Typed = {
  readonly email?: string;
  readonly accountName?: string;
  readonly displayName?: string | null;
};

export const PASSWORD = 'correct horse battery staple';

/** An address that nobody else has. */
export function freshEmail(): string {
  // In letters: digits can look like the number of a card.
  return `p-${inLetters(randomBytes(8).toString('hex'))}@example.org`;
}

export type RegionalAsk = Partial<Omit<Ask, 'port' | 'path'>> & { readonly token?: string };

/** Without those that name a region which is not served: no process may hold them. */
function settingsOf(
  served: readonly string[],
  codes: readonly string[],
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  const foreign = codes.filter((code) => !served.includes(code)).map((code) => `DOMICILE_${code.toUpperCase()}_`);
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => !foreign.some((beginning) => name.startsWith(beginning))),
  );
}

/** The running processes of an installation, and a person's way through them. Requests go to the region's customer origin. */
export class Api {
  /** The regions with the origins that the processes know. */
  readonly regions: Regions;
  #policyVersion: Promise<string> | undefined;

  private constructor(
    readonly installation: Installation,
    readonly processes: readonly ApiProcess[],
    /** By region code; the same for all when combined. */
    readonly ports: Readonly<Record<string, number>>,
  ) {
    this.regions = Regions.load(installation.regionsFile, ports);
  }

  /** Starts one process for all regions, or one for each; again when somebody else took a port that was free a moment ago. */
  static async start(
    installation: Installation,
    { separate = false, settings = {} }: { separate?: boolean; settings?: Readonly<Record<string, string>> } = {},
  ): Promise<Api> {
    const { codes } = installation;
    for (let attempt = 1; ; attempt++) {
      const own = await Promise.all((separate ? codes : ['all']).map(() => freeLoopbackPort()));
      const ports = Object.fromEntries(codes.map((code, i) => [code, own[separate ? i : 0]!]));
      const groups = separate ? codes.map((code) => [code]) : [codes];
      const environments = groups.map((served) =>
        installation.environment({ served, ports, separate, settings: settingsOf(served, codes, settings) }),
      );
      const processes = environments.map((environment) => installation.spawn(environment));
      try {
        await Promise.all(processes.map((each) => each.listening()));
        return new Api(installation, processes, ports);
      } catch (error) {
        await Promise.all(processes.map((each) => each.stop()));
        if (attempt === 5 || !processes.some(({ errors }) => errors.includes('port is in use'))) throw error;
      }
    }
  }

  /** The same on the same ports, after its processes have ended. */
  async restart(): Promise<Api> {
    const processes = this.processes.map(({ environment }) => this.installation.spawn(environment));
    await Promise.all(processes.map((each) => each.listening()));
    return new Api(this.installation, processes, this.ports);
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<readonly Ending[]> {
    return Promise.all(this.processes.map((each) => each.stop(signal)));
  }

  /**
   * A worker beside each process, which mails through its regions' own relays.
   * @param settings instead of those of the installation's relays, or besides
   */
  async startWorkers(settings: Readonly<Record<string, string>> = {}): Promise<readonly ApiProcess[]> {
    const workers = await Promise.all(
      this.processes.map(async ({ environment }) => {
        const served = environment['DOMICILE_SERVES']!.split(',');
        const relays = await Promise.all(
          served.map(async (code): Promise<[string, string][]> => {
            const name = `DOMICILE_${code.toUpperCase()}_SMTP_URL`;
            return settings[name] === undefined ? [[name, (await this.installation.relay(code)).url]] : [];
          }),
        );
        const own = Object.entries(settings).filter(
          ([name]) =>
            !/^DOMICILE_[A-Z]+_SMTP/.test(name) || served.some((code) => name.includes(`_${code.toUpperCase()}_`)),
        );
        const all = { ...environment, ...Object.fromEntries([...relays.flat(), ...own]) };
        return this.installation.spawn(all, PROCESS_KINDS.worker);
      }),
    );
    await Promise.all(workers.map((each) => each.listening()));
    return workers;
  }

  origin(code: string): string {
    return this.regions.get(code).origins.customer;
  }

  host(code: string): string {
    return new URL(this.origin(code)).host;
  }

  /** One request to the region's process at its customer origin. */
  ask(code: string, path: string, { token, headers, ...rest }: RegionalAsk = {}): Promise<Answer> {
    const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return ask({ port: this.ports[code]!, path, headers: { host: this.host(code), ...bearer, ...headers }, ...rest });
  }

  /** Asks for an account. */
  async signUp(code: string, typed: Typed & Record<string, unknown> = {}): Promise<Answer> {
    const fields = { email: freshEmail(), accountName: 'Analytical Engines', ...typed };
    const acceptedPolicyVersion = await this.policyVersion();
    return this.ask(code, `/v1/regions/${code}/signups`, { json: { acceptedPolicyVersion, ...fields } });
  }

  /** A pending signup. @throws Error when it was refused */
  async pending(code: string, typed: Typed = {}): Promise<PendingSignup> {
    const answer = await this.signUp(code, typed);
    if (answer.status !== 202) throw new Error(`A signup was answered ${answer.status} ${answer.text}`);
    return answer.json<{ signup: PendingSignup }>().signup;
  }

  confirm(code: string, signupId: string, digits: string, password = PASSWORD): Promise<Answer> {
    return this.ask(code, `/v1/signups/${signupId}/confirmations`, { json: { code: digits, password } });
  }

  signIn(code: string, email: string, password = PASSWORD, rest: RegionalAsk = {}): Promise<Answer> {
    return this.ask(code, '/v1/sessions', { ...rest, json: { email, password } });
  }

  /** The session of a right sign-in. @throws Error when it was refused */
  async session(code: string, email: string, password = PASSWORD): Promise<Member['session']> {
    const answer = await this.signIn(code, email, password);
    if (answer.status !== 201) throw new Error(`A sign-in was answered ${answer.status} ${answer.text}`);
    return answer.json<{ session: Member['session'] }>().session;
  }

  /** A change of that path's resource from that version on. */
  patch(code: string, path: string, token: string, etag: string, json: unknown): Promise<Answer> {
    return this.ask(code, path, { method: 'PATCH', token, headers: { 'if-match': etag }, json });
  }

  /** Somebody who went the whole way: asked, read the mail, confirmed. */
  async member(code: string, typed: Typed = {}): Promise<Member> {
    const { id } = await this.pending(code, typed);
    const answer = await this.confirm(code, id, await this.installation.digits(code, id));
    if (answer.status !== 201) throw new Error(`A confirmation was answered ${answer.status} ${answer.text}`);
    return answer.json<Member>();
  }

  /** The eight digits that the region derives from an id: what its mail says. */
  code(code: string, purpose: string, id: string): string {
    return this.#derived(code, (index, ctx) => index.code(ctx, purpose, id as Id));
  }

  /** The same for what stands in a link. */
  linkCode(code: string, purpose: string, id: string): string {
    return this.#derived(code, (index, ctx) => index.linkCode(ctx, purpose, id as Id));
  }

  #derived(code: string, derive: (index: BlindIndex, ctx: RegionContext) => string): string {
    const keysDir = join(this.installation.site(code).home, 'keys');
    const index = new BlindIndex(new RegionKeys([{ region: code, keysDir }]));
    return derive(index, { region: this.regions.get(code) } as RegionContext);
  }

  policyVersion(): Promise<string> {
    const [first] = this.installation.codes;
    this.#policyVersion ??= this.ask(first!, '/v1/policies/current').then(
      (answer) => answer.json<{ version: string }>().version,
    );
    return this.#policyVersion;
  }
}
