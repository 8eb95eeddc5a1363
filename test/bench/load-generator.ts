import { Connection } from './connection.js';
import type { Answered, Outcome, Source, Stream } from './load.js';
import { readRequest } from './population.js';
import { generator } from './statistics.js';

/** Process entry, see load.ts: takes streams by message, answers with what they did. */
process.on('message', (streams: readonly Stream[]) => {
  void run(streams).then(
    (outcomes) => answer({ outcomes }),
    (error: unknown) => answer({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));

function answer(message: Answered): void {
  process.send!(message);
}

async function run(streams: readonly Stream[]): Promise<Outcome[]> {
  const opened = await Promise.all(
    streams.map(({ connections, port }) =>
      Promise.all(Array.from({ length: connections }, () => Connection.open(port))),
    ),
  );
  let others = streams.filter(({ untilOthersEnd }) => !untilOthersEnd).length;
  try {
    return await Promise.all(
      streams.map((stream, i) =>
        new StreamRun(stream, () => others === 0).over(opened[i]!).finally(() => {
          if (!stream.untilOthersEnd) others--;
        }),
      ),
    );
  } finally {
    for (const connection of opened.flat()) connection.close();
  }
}

class StreamRun {
  readonly #next: () => string | undefined;
  readonly #milliseconds: number[] = [];
  readonly #bodies: string[] = [];
  readonly #began = performance.now();
  #taken = 0;

  constructor(
    private readonly stream: Stream,
    private readonly othersEnded: () => boolean,
  ) {
    this.#next = requests(stream.source);
  }

  async over(connections: readonly Connection[]): Promise<Outcome> {
    const { perSecond } = this.stream;
    if (perSecond === undefined) await Promise.all(connections.map((each) => this.#closed(each)));
    else await this.#paced([...connections], perSecond);
    const seconds = (performance.now() - this.#began) / 1000;
    return { count: this.#milliseconds.length, seconds, milliseconds: this.#milliseconds, bodies: this.#bodies };
  }

  async #closed(connection: Connection): Promise<void> {
    while (!this.#over()) {
      const request = this.#next();
      if (request === undefined) return;
      await this.#send(connection, request, this.#taken++, performance.now());
    }
  }

  /** Each request has its time; one that finds no free connection waits, and its latency counts the wait. */
  #paced(free: Connection[], perSecond: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const all = free.length;
    const tick = (): void => {
      const now = performance.now();
      const over = this.#over();
      for (let due = this.#dueAt(perSecond); !over && due <= now && free.length > 0; due = this.#dueAt(perSecond)) {
        const request = this.#next();
        if (request === undefined) return reject(new Error('A paced stream ran out of requests.'));
        const connection = free.pop()!;
        this.#send(connection, request, this.#taken++, due).then(() => {
          free.push(connection);
          if (free.length === 0 || this.#dueAt(perSecond) <= performance.now()) tick();
        }, reject);
      }
      if (over && free.length === all) resolve();
    };
    const timer = setInterval(tick, 1);
    return promise.finally(() => clearInterval(timer));
  }

  #dueAt(perSecond: number): number {
    return this.#began + (this.#taken * 1000) / perSecond;
  }

  #over(): boolean {
    const { seconds, untilOthersEnd } = this.stream;
    if (untilOthersEnd) return this.othersEnded();
    return seconds !== undefined && performance.now() - this.#began >= seconds * 1000;
  }

  async #send(connection: Connection, request: string, index: number, since: number): Promise<void> {
    const { status, body } = await connection.ask(request);
    this.#milliseconds[index] = performance.now() - since;
    const { expect, contains } = this.stream;
    if (status !== expect || (contains !== undefined && !body.includes(contains)))
      throw new Error(`A request was answered ${status} instead of ${expect}: ${body.slice(0, 300)}`);
    if (this.stream.keepBodies) this.#bodies[index] = body;
  }
}

function requests(source: Source): () => string | undefined {
  if (source.kind === 'list') {
    let at = 0;
    return () => source.requests[at++];
  }
  const { flavour, host, accounts, draw, seed } = source;
  const random = generator(seed);
  let at = Math.floor(random() * accounts);
  // A stride without a common divisor visits every account once before any comes again.
  const stride = coprime(Math.floor(accounts * 0.618), accounts);
  return () => {
    at = draw === 'once' ? (at + stride) % accounts : Math.floor(random() * accounts);
    return readRequest(flavour, host, at);
  };
}

function coprime(from: number, to: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let candidate = Math.max(1, from);
  while (divisor(candidate, to) !== 1) candidate++;
  return candidate;
}
