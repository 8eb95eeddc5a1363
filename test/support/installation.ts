import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureOidcKeys } from '@domicile/oidc';
import { ensureReceiptKeys, pinReceiptKeys } from '@domicile/receipts';
import { type ReceiptKeyPin, type Region, Regions } from '@domicile/residency';
import { SETTINGS_TABLE } from '@domicile/runtime';
import { ensureRegionKeys, ensureWrappingKey } from '@domicile/vault';
import { ENTITIES, KEY_STORE_MIGRATIONS, KEY_STORE_TABLES, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import type { SMTPServerOptions } from 'smtp-server';
import { Api, ApiProcess, type ProcessKind, PROCESS_KINDS } from './api.js';
import { createDatabase, STACK, type TestDatabase } from './databases.js';
import { eventually } from './http.js';
import { digitsOf, mailedCode, type SentMail, sentMails, TestRelay } from './mail.js';
import { opening, type Opener } from './opened.js';

/** The product's own tables. */
export const SCHEMA = { entities: ENTITIES, migrations: MIGRATIONS };
export const KEY_SCHEMA = { entities: KEY_STORE_TABLES, migrations: KEY_STORE_MIGRATIONS };

/** Every limit as wide as it goes. */
const NO_LIMITS = Object.fromEntries(
  SETTINGS_TABLE.filter(({ name }) => name.startsWith('DOMICILE_LIMIT_')).map(({ name }) => [name, '999999']),
);

/** Everything of one region: its folder, its database and its key store. */
export interface Site {
  readonly region: Region;
  readonly home: string;
  readonly database: TestDatabase;
  readonly keyStore: TestDatabase;
}

export interface InstallationOptions {
  readonly regionsFile?: string;
  /** Servers other than the run's own, by region code; `<code>-keys` for that of the key store. */
  readonly servers?: Readonly<Record<string, { home: string; superuserUrl: string }>>;
}

export interface EnvironmentOptions {
  readonly served: readonly string[];
  readonly ports: Readonly<Record<string, number>>;
  readonly separate?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * What `npm start` makes, for one spec file: of each region a folder with keys, and a sealed and migrated database. Its processes are
 * started from the build, each with an environment made of nothing but what stands here.
 */
export class Installation {
  readonly #processes: ApiProcess[] = [];
  readonly #relays = new Map<string, Promise<TestRelay>>();

  private constructor(
    readonly folder: string,
    readonly regionsFile: string,
    readonly sites: Readonly<Record<string, Site>>,
  ) {}

  static async create({ regionsFile, servers = {} }: InstallationOptions = {}): Promise<Installation> {
    const file = regionsFile ?? join(import.meta.dirname, '../../deploy/regions.json');
    const folder = mkdtempSync(join(tmpdir(), 'domicile-e2e-'));
    const { all } = Regions.load(file);
    const pins: Record<string, readonly ReceiptKeyPin[]> = {};
    const sites = await Promise.all(
      all.map(async (region) => {
        const server = servers[region.code];
        const database = await createDatabase(region, SCHEMA, server ? { server } : {});
        const keyServer = servers[`${region.code}-keys`];
        const keyStore = await createDatabase(region, KEY_SCHEMA, {
          purpose: 'keys',
          keysDir: database.keysDir,
          ...(keyServer ? { server: keyServer } : {}),
        });
        const home = join(folder, region.code);
        const keys = join(home, 'keys');
        mkdirSync(keys, { recursive: true, mode: 0o700 });
        copyFileSync(join(database.keysDir, 'marker.pub'), join(keys, 'marker.pub'));
        ensureRegionKeys(keys);
        ensureWrappingKey(keys);
        ensureOidcKeys(keys);
        pins[region.code] = ensureReceiptKeys(keys, region.code);
        return { region, home, database, keyStore };
      }),
    );
    const pinned = join(folder, 'regions.json');
    writeFileSync(pinned, pinReceiptKeys(JSON.parse(readFileSync(file, 'utf8')), pins));
    return new Installation(folder, pinned, Object.fromEntries(sites.map((site) => [site.region.code, site])));
  }

  get codes(): readonly string[] {
    return Object.keys(this.sites);
  }

  site(code: string): Site {
    return this.sites[code]!;
  }

  /** The environment of one process: an allow-list, nothing is inherited. */
  environment({ served, ports, separate = false, settings = {} }: EnvironmentOptions): Record<string, string> {
    const own = served.map((code): Record<string, string> => {
      const { home, database, keyStore } = this.site(code);
      const prefix = `DOMICILE_${code.toUpperCase()}`;
      return {
        [`${prefix}_HOME`]: home,
        [`${prefix}_DATABASE_URL`]: database.appUrl,
        [`${prefix}_KEY_DATABASE_URL`]: keyStore.appUrl,
      };
    });
    const pairs = Object.entries(ports).map(([code, port]) => `${code}=${port}`);
    return Object.assign(
      {
        PORT: String(ports[served[0]!]),
        DOMICILE_TOPOLOGY: separate ? 'separate' : 'combined',
        DOMICILE_SERVES: served.join(','),
        DOMICILE_STACK: STACK.stack,
        DOMICILE_ENVIRONMENT: STACK.environment,
        DOMICILE_REGIONS_FILE: this.regionsFile,
        DOMICILE_PUBLIC_PORTS: pairs.join(','),
        // Two cores are shared with another spec file; what deadlines do is shown in faults.spec.ts.
        DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '10000',
        // A spec file asks more often from one place than anybody should; the limits themselves are shown in requests.spec.ts.
        ...NO_LIMITS,
      },
      ...own,
      settings,
    ) as Record<string, string>;
  }

  /** A process that {@link close} will end. */
  spawn(environment: Readonly<Record<string, string>>, kind: ProcessKind = PROCESS_KINDS.api): ApiProcess {
    const process = new ApiProcess(environment, kind);
    this.#processes.push(process);
    return process;
  }

  start(options: { separate?: boolean; settings?: Readonly<Record<string, string>> } = {}): Promise<Api> {
    return Api.start(this, options);
  }

  /** Everything the processes have written so far: to their output and to the logs of their regions. */
  get written(): string {
    return this.#processes.map(({ output, errors, regional }) => output + errors + regional).join('');
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.stop()));
    await Promise.all([...this.#relays.values()].map(async (relay) => (await relay).stop()));
    const databases = Object.values(this.sites).flatMap(({ database, keyStore }) => [database, keyStore]);
    await Promise.all(databases.map((database) => database.drop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  mailFolder(code: string): string {
    return join(this.site(code).home, 'mail');
  }

  /** The region's relay, which delivers into its mail folder; runs from the first call on. @param options of the first call */
  relay(code: string, options: Partial<SMTPServerOptions> = {}): Promise<TestRelay> {
    const started = this.#relays.get(code) ?? new TestRelay(this.mailFolder(code), options).start();
    this.#relays.set(code, started);
    return started;
  }

  /** Ends every worker, and leaves the rest running. */
  async stopWorkers(): Promise<void> {
    const workers = this.#processes.filter(({ kind }) => kind === PROCESS_KINDS.worker);
    await Promise.all(workers.map((each) => each.stop('SIGTERM')));
  }

  mails(code: string): SentMail[] {
    return sentMails(this.mailFolder(code));
  }

  /** The mail of a signup, once it is there; needs {@link Api.startWorkers}. */
  mail(code: string, signupId: string): Promise<SentMail> {
    return eventually(`the mail of ${signupId}`, () => this.mails(code).find(({ text }) => text.includes(signupId)));
  }

  /** The eight digits that were mailed for a signup: on a line of their own. */
  async mailedDigits(code: string, signupId: string): Promise<string> {
    return digitsOf(await this.mail(code, signupId));
  }

  /** The eight digits of a signup or an invitation, whether or not they were mailed yet. */
  digits(code: string, signupId: string): Promise<string> {
    const { region, home } = this.site(code);
    return mailedCode(Regions.load(this.regionsFile), region, join(home, 'keys'), signupId);
  }

  /** Resolves once the region's outbox is empty, for the row of a mail goes after the mail; emptied here where no worker runs. */
  async drained(code: string): Promise<void> {
    if (!this.#processes.some(({ kind, isRunning }) => kind === PROCESS_KINDS.worker && isRunning))
      await this.site(code).database.sql('superuser', 'delete from outbox');
    await eventually(`an empty outbox of ${code}`, async () => (await this.counts(code))['outbox'] === 0);
  }

  /** How many rows each table of the region holds, but for the counts of requests and failures: everything that is sent leaves some. */
  async counts(code: string): Promise<Record<string, number>> {
    const { rate_count: _sent, failure_streak: _failed, ...counts } = await countsOf(this.site(code).database);
    return counts;
  }

  /** All rows of all tables of the region as one text, a line each. */
  dump(code: string, except: readonly string[] = []): Promise<string> {
    return dumpOf(this.site(code).database, except);
  }

  /** The same of the region's key store. */
  dumpKeys(code: string): Promise<string> {
    return dumpOf(this.site(code).keyStore);
  }

  /** What the region's vault opens, for somebody who has everything: rows, key store and wrapping key. */
  opening<T>(code: string, work: (opener: Opener) => Promise<T>): Promise<T> {
    const { keyStore, home } = this.site(code);
    return opening(keyStore, join(home, 'keys'), work, Regions.load(this.regionsFile));
  }
}

async function countsOf(database: TestDatabase): Promise<Record<string, number>> {
  const tables = await database.sql(
    'superuser',
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname !~ '^pg_' and schemaname <> 'information_schema' order by 1`,
  );
  const parts = tables.map(({ name }) => `select '${String(name)}' as name, count(*)::int from ${String(name)}`);
  const rows = await database.sql('superuser', parts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, count }) => [String(name).replace('public.', ''), Number(count)]));
}

/** All rows of all tables as one text, a line each. */
export async function dumpOf(database: TestDatabase, except: readonly string[] = []): Promise<string> {
  const texts: string[] = [];
  for (const table of Object.keys(await countsOf(database)).filter((name) => !except.includes(name)))
    for (const { row } of await database.sql('superuser', `select t::text as row from ${table} t`))
      texts.push(String(row));
  return texts.join('\n');
}
