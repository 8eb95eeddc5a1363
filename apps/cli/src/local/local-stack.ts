import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Region, Regions } from '@domicile/residency';
import { builtProgram } from '@domicile/runtime';
import { type CliSettings, keyStoreHome } from '../cli-settings.js';
import { BARE_ENVIRONMENT } from './child-command.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { environments, frontDoorEnvironment, type RegionEnvironment } from './environments.js';
import { freeLoopbackPort } from './ports.js';
import { POSTGRES_MAJOR } from './postgres-binaries.js';
import { privateFolders } from './private-files.js';
import { setUpEmbedded, writePinnedRegions } from './region-setup.js';
import { type Program, ServingProcess } from './serving-process.js';

/** What is to be run, and where its progress is told. */
export interface LocalStackOptions {
  readonly settings: CliSettings;
  readonly regions: Regions;
  readonly ports: Readonly<Record<string, number>>;
  /** An API process and a worker per region instead of one of each for all. */
  readonly separate: boolean;
  /** One line of progress, for people. */
  readonly report: (who: string, what: string) => void;
  /** One line of a log. */
  readonly log: (line: string) => void;
}

const API = { main: builtProgram('apps/api/src/main.js'), readyEvent: 'api.listening', stopMilliseconds: 5_000 };
const WORKER = { main: builtProgram('apps/worker/src/main.js'), readyEvent: 'worker.ready', stopMilliseconds: 21_000 };
const FRONT_DOOR = {
  name: 'The front door',
  main: builtProgram('apps/front-door/src/main.js'),
  readyEvent: 'front_door.listening',
  stopMilliseconds: 3_000,
};
const CATCHER = {
  main: builtProgram('apps/cli/src/local/mail-catcher-main.js'),
  readyEvent: 'mail.listening',
  stopMilliseconds: 2_000,
};

const RESTART_MILLISECONDS = 3_000;
/** Added to PORT and the number of a region for its inbox, where that port can be had. */
const INBOX_PORTS = 20;
const PORT_MAX = 65_535;
/** A key store is small: a few hundred bytes a subject, seldom asked. */
const KEY_STORE_SETTINGS = { shared_buffers: '16MB', max_connections: '40' };

/**
 * Every region of the region file on this machine: embedded servers where no database is configured, a catcher of mails where no
 * relay is, then the API and the worker, and before them all the front door.
 */
export class LocalStack {
  /** Resolves with one sentence when one of our processes ends unasked. */
  readonly failed: Promise<string>;
  readonly #options: LocalStackOptions;
  readonly #servers: EmbeddedPostgres[] = [];
  readonly #inboxes: Record<string, string> = {};
  /** In the order in which they are to end. */
  readonly #processes: {
    readonly doors: ServingProcess[];
    readonly apis: ServingProcess[];
    readonly workers: ServingProcess[];
    readonly catchers: ServingProcess[];
  } = {
    doors: [],
    apis: [],
    workers: [],
    catchers: [],
  };
  #fail: (sentence: string) => void = () => undefined;
  #stopping = false;

  constructor(options: LocalStackOptions) {
    this.#options = options;
    this.failed = new Promise((resolve) => (this.#fail = resolve));
  }

  /** Address of each region's inbox, by region code; of those that have one. */
  get inboxes(): Readonly<Record<string, string>> {
    return this.#inboxes;
  }

  /** Returns once everything is ready. @throws Error in one sentence; {@link stop} is still to be called then. */
  async start(): Promise<void> {
    const { settings, regions, ports, separate, report } = this.#options;
    const own = await Promise.all(
      regions.all.map(async (region): Promise<[string, RegionEnvironment]> => {
        const [common, relay] = await Promise.all([this.#database(region), this.#relay(region)]);
        return [region.code, { common, relay }];
      }),
    );
    if (this.#stopping) return;
    const began = performance.now();
    const regionsFile = writePinnedRegions(settings, regions);
    const perRegion = Object.fromEntries(own);
    const { doors, apis, workers } = this.#processes;
    const environment = frontDoorEnvironment({ settings, ports, regionsFile });
    this.#run(doors, { ...FRONT_DOOR, environment }, this.#options.log);
    for (const { ofRegion, api, worker } of environments({ settings, ports, separate, regionsFile, perRegion })) {
      this.#run(apis, { ...API, name: `The API${ofRegion}`, environment: api }, this.#options.log);
      this.#run(workers, { ...WORKER, name: `The worker${ofRegion}`, environment: worker }, this.#options.log);
    }
    await Promise.all([...doors, ...apis, ...workers].map((each) => each.ready()));
    const count = (many: readonly unknown[]): string =>
      many.length === 1 ? 'one process' : `${many.length} processes`;
    report('api', `${count(apis)} ready (${secondsSince(began)})`);
    report('work', `${count(workers)} ready`);
    report('door', `${count(doors)} ready`);
  }

  /**
   * Ends the front door first, so that it sends nobody on, then the API, so that it can finish what it is doing, then the worker, then what it sends to and the servers. May be called
   * at any time.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    const { doors, apis, workers, catchers } = this.#processes;
    for (const processes of [doors, apis, workers, catchers]) await Promise.all(processes.map((each) => each.stop()));
    await Promise.all(this.#servers.map((server) => server.stop()));
  }

  #run(among: ServingProcess[], program: Program, onLine: (line: string) => void): ServingProcess {
    const started = new ServingProcess(program, onLine);
    among.push(started);
    void started.exited.then((how) => this.#stopping || this.#fail(started.obituary(how)));
    return started;
  }

  /** The settings of the region's relay: the configured one, or a catcher that keeps every mail in the region's folder. */
  async #relay({ code, name, number }: Region): Promise<Readonly<Record<string, string>>> {
    const { settings, ports, report } = this.#options;
    const prefix = `DOMICILE_${code.toUpperCase()}`;
    const external = settings.externalRelay(code);
    if (external) {
      report(code, 'sends mail through the relay of its settings');
      return external;
    }
    const folder = join(settings.regionHome(code), 'mail');
    privateFolders(folder);
    const wished = settings.port + INBOX_PORTS + number;
    // Of many regions one may have the number that puts its API there, which starts later.
    const isTaken = wished > PORT_MAX || Object.values(ports).includes(wished);
    const words = [folder, name, String(await freeLoopbackPort(isTaken ? undefined : wished))];
    const who = `The mail catcher of region ${code}`;
    const program = { ...CATCHER, name: who, words, environment: BARE_ENVIRONMENT };
    const { smtpPort, inboxPort } = await this.#run(this.#processes.catchers, program, () => undefined).ready();
    this.#inboxes[code] = `http://127.0.0.1:${String(inboxPort)}`;
    return { [`${prefix}_SMTP_URL`]: `smtp://127.0.0.1:${String(smtpPort)}` };
  }

  /** The region's own settings for every process, once its database can be used. */
  async #database(region: Region): Promise<Readonly<Record<string, string>>> {
    const { settings, regions, report } = this.#options;
    const { code } = region;
    const home = settings.regionHome(code);
    const prefix = `DOMICILE_${code.toUpperCase()}`;
    const external = settings.externalDatabase(code);
    privateFolders(home);
    if (external) {
      report(code, 'uses the database of its settings');
      return { ...external, [`${prefix}_HOME`]: home };
    }
    const began = performance.now();
    const [rows, keys] = await Promise.all([
      this.#server(code, 'database', home),
      this.#server(code, 'key store', keyStoreHome(home), KEY_STORE_SETTINGS),
    ]);
    const servers = { rows, keys };
    const { created, applied, appUrlFile, keyAppUrlFile } = await setUpEmbedded(settings, regions, region, servers);
    const schema = applied.length === 0 ? 'schema up to date' : `${applied.length} migration(s) applied`;
    report(
      code,
      `database ${created ? `sealed for ${region.name}` : 'carries the right marker'}, ${schema} (${secondsSince(began)})`,
    );
    return {
      [`${prefix}_HOME`]: home,
      [`${prefix}_DATABASE_URL_FILE`]: appUrlFile,
      [`${prefix}_KEY_DATABASE_URL_FILE`]: keyAppUrlFile,
    };
  }

  /** One of the region's two servers, running and kept running. */
  async #server(
    code: string,
    what: string,
    home: string,
    serverSettings: Readonly<Record<string, string>> = {},
  ): Promise<EmbeddedPostgres> {
    const began = performance.now();
    privateFolders(home);
    const server = new EmbeddedPostgres({ home, name: code, settings: serverSettings });
    this.#servers.push(server);
    const { port } = await server.start();
    this.#options.report(
      code,
      `${what} (PostgreSQL ${POSTGRES_MAJOR}) ready on 127.0.0.1:${port} (${secondsSince(began)})`,
    );
    server.onExit((how) => void this.#revive(code, what, server, port, how));
    return server;
  }

  /** The other regions go on meanwhile, and the API heals by itself: so this never gives up. */
  async #revive(code: string, what: string, server: EmbeddedPostgres, port: number, how: string): Promise<void> {
    const { report } = this.#options;
    report(code, `${what} ended unexpectedly (${how}); starting it again`);
    while (!this.#stopping) {
      try {
        const now = await server.start();
        report(
          code,
          now.port === port
            ? `${what} is back`
            : `${what} is back, but its port ${port} was taken; stop and start again to use it`,
        );
        return;
      } catch (error) {
        if (this.#stopping) return;
        report(code, `${(error as Error).message} Trying again in ${RESTART_MILLISECONDS / 1_000} s.`);
        await sleep(RESTART_MILLISECONDS);
      }
    }
  }
}

function secondsSince(began: number): string {
  return `${((performance.now() - began) / 1_000).toFixed(1)} s`;
}
