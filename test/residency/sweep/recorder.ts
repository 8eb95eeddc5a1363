import { readFileSync } from 'node:fs';
import { type Api, type ApiProcess, PROCESS_KINDS } from '../../support/api.js';
import { childrenOf } from '../../support/linux-process.js';
import type { Answer } from '../../support/http.js';
import type { Installation } from '../../support/installation.js';
import { query } from '../../support/databases.js';
import type { Sink } from './rules.js';

type Regions = readonly string[];

/** Keeps what is seen once and then gone: answers, output, environments of processes, what a server shows of its sessions. */
export class Recorder {
  readonly #sinks: Sink[] = [];
  /** Who the next requests are made by; nobody when undefined. */
  #asking: string | undefined;

  get sinks(): readonly Sink[] {
    return this.#sinks;
  }

  /** Everything that is asked meanwhile is answered to this person, where the answer is no refusal. */
  async as<T>(owner: string | undefined, work: () => Promise<T>): Promise<T> {
    this.#asking = owner;
    try {
      return await work();
    } finally {
      this.#asking = undefined;
    }
  }

  /** Records every answer of these processes from now on. */
  watch(api: Api): void {
    const ask = api.ask.bind(api);
    api.ask = async (code, path, options = {}) => {
      const answer = await ask(code, path, options);
      this.answer(code, answer);
      return answer;
    };
  }

  answer(code: string, { status, headers, text }: Answer, what = `answer ${this.#sinks.length}`): void {
    const owner = status < 400 && this.#asking !== undefined ? { owner: this.#asking } : {};
    const bytes = Buffer.from(`${status}\n${JSON.stringify(headers)}\n${text}`);
    this.add({ name: `${what}, ${status} at the origin of ${code}`, kind: 'answer', regions: [code], bytes, ...owner });
  }

  /** What a process wrote. Where it serves several regions, its output belongs to none of them. */
  output(name: string, text: string, regions: Regions): void {
    this.add({ name, kind: 'rest', regions: regions.length === 1 ? regions : [], bytes: Buffer.from(text) });
  }

  /** Environment and command line of each process and of its children, as the kernel shows them. */
  environments(processes: readonly ApiProcess[], regionsOf: (i: number) => Regions): void {
    for (const [i, { pid, kind }] of processes.entries())
      for (const each of [pid, ...childrenOf(pid)])
        this.process(
          `process ${each === pid ? 'of' : 'below'} the ${kind === PROCESS_KINDS.api ? 'API' : 'worker'}`,
          each,
          regionsOf(i),
        );
  }

  process(name: string, pid: number, regions: Regions): void {
    for (const file of ['environ', 'cmdline'])
      this.add({ name: `${file} of ${name}`, kind: 'process', regions, bytes: readFileSync(`/proc/${pid}/${file}`) });
  }

  /** What a server shows of its sessions to whoever may look: exporters, operators (leak row 17). */
  async activity(installation: Installation, moment: string): Promise<void> {
    for (const code of installation.codes) {
      const { database, keyStore } = installation.site(code);
      for (const [kind, { superuserUrl }] of [
        ['rest', database],
        ['key store', keyStore],
      ] as const) {
        const rows = await query(superuserUrl, 'select to_jsonb(a)::text as row from pg_stat_activity a');
        const bytes = Buffer.from(rows.map(({ row }) => String(row)).join('\n'));
        this.add({
          name: `activity of the ${kind === 'rest' ? 'rows' : 'keys'} of ${code}, ${moment}`,
          kind,
          regions: [code],
          bytes,
        });
      }
    }
  }

  add(sink: Sink): void {
    this.#sinks.push(sink);
  }
}
