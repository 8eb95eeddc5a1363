import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ApiProcess, Ending } from './api.js';
import { eventually } from './http.js';

const REFUSED = 'EGRESS_REFUSED';

/** What each way out came to, by port and name. */
export type Outcomes = Readonly<Record<string, string>>;

/** Somebody in our processes who wants out, and the place on loopback that waits for what comes: see intruder-inside.mjs. */
export class Intruder {
  /** Connections that came through. */
  arrived = 0;

  private constructor(
    private readonly server: Server,
    readonly word: string,
    /** Ports that are tried besides. */
    private readonly ports: readonly number[],
  ) {
    server.on('connection', (socket) => {
      this.arrived++;
      socket.destroy();
    });
  }

  static async waiting(word: string, ports: readonly number[] = []): Promise<Intruder> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Intruder(server, word, ports);
  }

  close(): void {
    this.server.close();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What a process is started with for the intruder to be in it. */
  get settings(): Readonly<Record<string, string>> {
    const file = pathToFileURL(join(import.meta.dirname, 'intruder-inside.mjs'));
    for (const port of [this.port, ...this.ports]) file.searchParams.append('port', String(port));
    file.searchParams.set('word', this.word);
    return { NODE_OPTIONS: `--import=${file.href}` };
  }

  /** It tries every way out. @returns what came of it; `refused`, the process's own words on it */
  async tries(process: ApiProcess): Promise<{ outcomes: Outcomes; refused: unknown[] }> {
    process.kill('SIGWINCH');
    const [tried] = await eventually('an intruder that tried', () => {
      const events = process.events('intruder.tried');
      return events.length > 0 && events;
    });
    const refused = process.events('egress.refused').map(({ code, level }) => [code, level]);
    return { outcomes: tried!['outcomes'] as Outcomes, refused };
  }

  /** What is to come of it in a process that may reach these ports of the tried ones. */
  expected(reachable: readonly number[]): { outcomes: Outcomes; refused: unknown[] } {
    const ports = [this.port, ...this.ports];
    const kinds = [...ports.filter((port) => !reachable.includes(port)).map(() => 'connect'), 'lookup', 'datagram'];
    const ofPorts = ports.map((port) => [port, reachable.includes(port) ? 'connected' : REFUSED]);
    return {
      outcomes: { ...Object.fromEntries(ofPorts), name: REFUSED, datagram: REFUSED } as Outcomes,
      refused: kinds.map((kind) => [kind, 'error']),
    };
  }

  /** It throws what nobody catches. @returns how the process ended, and its last words */
  async throws(process: ApiProcess): Promise<{ ending: Ending; faults: Record<string, unknown>[] }> {
    process.kill('SIGIO');
    const ending = await process.ended;
    return { ending, faults: process.events('process.fault').map(({ time: _time, ...fault }) => fault) };
  }
}
