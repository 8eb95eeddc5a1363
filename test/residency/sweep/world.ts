import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Installation } from '../../support/installation.js';
import { type OwnServer, ownServer } from '../../support/own-server.js';
import { Customers } from '../../support/whole-life.js';
import { Canaries, type SweepNeedle } from './canaries.js';
import { type Ground, type Person, travel } from './journey.js';
import { Recorder } from './recorder.js';
import { needlesOfRows, needlesOfSecrets } from './region-needles.js';
import type { Sink } from './rules.js';
import { type Places, standing } from './sinks.js';

const CODES = ['eu', 'us'] as const;

/** An installation on servers of its own, with everything that happened on it: data files hold this run and nothing else. */
export class World implements Ground, Places {
  readonly canaries = new Canaries();
  readonly recorder = new Recorder();
  /** By name `<region>-<topology>`. */
  readonly people = new Map<string, Person>();
  readonly shared = [process.cwd(), tmpdir()];
  /** Statuses of what was refused, by the same name. */
  readonly refused: Record<string, number[]> = {};

  private constructor(
    readonly installation: Installation,
    readonly customers: Customers,
    readonly servers: Readonly<Record<string, OwnServer>>,
    readonly temporary: string,
    readonly since: Date,
  ) {}

  static async create(): Promise<World> {
    const since = new Date();
    const names = CODES.flatMap((code) => [code, `${code}-keys`]);
    const started = await Promise.all(names.map(async (name) => [name, await ownServer()] as const));
    const servers = Object.fromEntries(started);
    const installation = await Installation.create({ servers });
    const customers = await Customers.create(installation);
    return new World(installation, customers, servers, mkdtempSync(join(tmpdir(), 'domicile-sweep-')), since);
  }

  /** One journey in each region, over processes of that topology; they have ended when it resolves. */
  async live(topology: 'combined' | 'separate'): Promise<void> {
    const { installation, recorder, customers } = this;
    const separate = topology === 'separate';
    const regionsOf = (i: number): readonly string[] => (separate ? [CODES[i]!] : CODES);
    const api = await installation.start({
      separate,
      settings: { TMPDIR: this.temporary, ...customers.outside.settings() },
    });
    const workers = await api.startWorkers({ TMPDIR: this.temporary });
    recorder.watch(api);
    await api.ask(CODES[0], '/openapi.json');
    for (const [i, code] of CODES.entries()) {
      const name = `${code}-${topology}`;
      const { person, refused } = await travel(this, api, code, CODES[1 - i]!, name);
      this.people.set(name, person);
      this.refused[name] = refused;
      await recorder.activity(installation, `after ${name}`);
    }
    recorder.environments([...api.processes, ...workers], (i) => regionsOf(i % api.processes.length));
    await api.stop('SIGTERM');
    await Promise.all(workers.map((worker) => worker.stop('SIGTERM')));
    for (const [i, { output, errors, kind }] of [...api.processes, ...workers].entries()) {
      const regions = regionsOf(i % api.processes.length);
      recorder.output(`output of ${topology} ${kind.log} process ${i}`, output, regions);
      recorder.output(`errors of ${topology} ${kind.log} process ${i}`, errors, regions);
    }
  }

  /** Everything that must not stand elsewhere, as of now. */
  async needles(): Promise<SweepNeedle[]> {
    const sites = CODES.map((code) => this.installation.site(code));
    const rows = await Promise.all(sites.map(needlesOfRows));
    return [...this.canaries.needles, ...rows.flat(), ...sites.flatMap(needlesOfSecrets)];
  }

  /** Everything that could hold it: what was recorded, and what stands on disk now. */
  async sinks(): Promise<Sink[]> {
    return [...this.recorder.sinks, ...(await standing(this))];
  }

  async close(): Promise<void> {
    await this.installation.close();
    await this.customers.stop();
    await Promise.all(Object.values(this.servers).map((server) => server.stop()));
    rmSync(this.temporary, { recursive: true, force: true });
  }
}
