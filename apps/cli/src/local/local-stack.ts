import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Region, Regions } from '@domicile/residency';
import { type CliSettings, keyStoreHome } from '../cli-settings.js';
import { apiEnvironments } from './api-environment.js';
import { ApiProcess } from './api-process.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { POSTGRES_MAJOR } from './postgres-binaries.js';
import { privateFolders } from './private-files.js';
import { setUpEmbedded, writePinnedRegions } from './region-setup.js';

/** What is to be run, and where its progress is told. */
export interface LocalStackOptions {
  readonly settings: CliSettings;
  readonly regions: Regions;
  readonly ports: Readonly<Record<string, number>>;
  /** One API process per region instead of one for all. */
  readonly separate: boolean;
  /** One line of progress, for people. */
  readonly report: (who: string, what: string) => void;
  /** One line of the API's log. */
  readonly log: (line: string) => void;
}

const RESTART_MILLISECONDS = 3_000;
/** A key store is small: a few hundred bytes a subject, seldom asked. */
const KEY_STORE_SETTINGS = { shared_buffers: '16MB', max_connections: '40' };

/** Every region of the region file on this machine: embedded servers where no database is configured, then the API. */
export class LocalStack {
  /** Resolves with one sentence when an API process ends unasked. */
  readonly failed: Promise<string>;
  readonly #options: LocalStackOptions;
  readonly #servers: EmbeddedPostgres[] = [];
  readonly #apis: ApiProcess[] = [];
  #fail: (sentence: string) => void = () => undefined;
  #stopping = false;

  constructor(options: LocalStackOptions) {
    this.#options = options;
    this.failed = new Promise((resolve) => (this.#fail = resolve));
  }

  /** Returns once every API process listens. @throws Error in one sentence; {@link stop} is still to be called then. */
  async start(): Promise<void> {
    const { settings, regions, ports, separate, report } = this.#options;
    const own = await Promise.all(
      regions.all.map(async (region) => [region.code, await this.#database(region)] as const),
    );
    if (this.#stopping) return;
    const began = performance.now();
    const regionsFile = writePinnedRegions(settings, regions);
    const perRegion = Object.fromEntries(own);
    const environments = apiEnvironments({ settings, ports, separate, regionsFile, perRegion });
    for (const { name, environment } of environments) {
      const api = new ApiProcess(name, environment, this.#options.log);
      this.#apis.push(api);
      void api.exited.then((how) => this.#stopping || this.#fail(api.obituary(how)));
    }
    await Promise.all(this.#apis.map((api) => api.listening()));
    report(
      'api',
      `${this.#apis.length === 1 ? 'one process' : `${this.#apis.length} processes`} ready (${secondsSince(began)})`,
    );
  }

  /** Ends the API first, so that it can finish what it is doing, then the servers. May be called at any time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#apis.map((api) => api.stop()));
    await Promise.all(this.#servers.map((server) => server.stop()));
  }

  /** The region's own settings for the API, once its database can be used. */
  async #database(region: Region): Promise<Readonly<Record<string, string>>> {
    const { settings, regions, report } = this.#options;
    const { code } = region;
    const home = settings.regionHome(code);
    const prefix = `DOMICILE_${code.toUpperCase()}`;
    const external = settings.externalDatabase(code);
    privateFolders(home, join(home, 'mail'));
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
