import { SMTPServer } from 'smtp-server';
import { createTransport } from 'nodemailer';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/http.js';
import { freeze } from '../support/linux-process.js';
import { oneRegion, removeServers } from './contestant.js';
import type { Bench } from './main.js';
import { judge, type Pair } from './statistics.js';

const MAILS = 1_000;
const CONNECTIONS = 5;
/** A worker runs for weeks: it is measured once its code is compiled, as the reference's is. */
const WARM_UP_ROUNDS = 5;
const ROUNDS_MAX = 8;
const PATIENCE_MILLISECONDS = 120_000;
const SIGNUPS_AT_ONCE = 8;

/** A relay that takes everything and keeps nothing but when the first and the last mail of a round came. */
class Sink {
  count = 0;
  first = 0;
  last = 0;
  #sample = '';
  readonly #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        this.last = performance.now();
        if (this.count++ === 0) this.first = this.last;
        this.#sample = Buffer.concat(chunks).toString();
        callback();
      });
    },
  });

  async listen(): Promise<string> {
    const server = this.#server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** One mail as it arrived. */
  get sample(): string {
    return this.#sample;
  }

  /** Mails a second from the first to the last of them. */
  async rate(send: () => Promise<unknown>): Promise<number> {
    this.count = 0;
    await send();
    await eventually(`${MAILS} mails`, () => this.count >= MAILS, PATIENCE_MILLISECONDS);
    return ((this.count - 1) * 1_000) / (this.last - this.first);
  }
}

/** How fast a worker, which stands still while it fills up, carries out a full outbox, against nodemailer alone sending as many of the same mails to the same relay. */
export const mail: Bench = async ({ effort }) => {
  const sink = new Sink();
  const url = await sink.listen();
  const { installation, code, servers } = await oneRegion();
  const pairs: Pair[] = [];
  try {
    const api = await installation.start({ separate: true });
    const relays = Object.fromEntries(
      installation.codes.map((each) => [`DOMICILE_${each.toUpperCase()}_SMTP_URL`, url] as const),
    );
    const [worker] = await api.startWorkers(relays);
    for (let round = 0; round < WARM_UP_ROUNDS + Math.min(effort.slices, ROUNDS_MAX); round++) {
      await freeze(worker!.pid);
      for (let i = 0; i < MAILS; i += SIGNUPS_AT_ONCE)
        await Promise.all(Array.from({ length: Math.min(SIGNUPS_AT_ONCE, MAILS - i) }, () => api.pending(code)));
      const ours = await sink.rate(async () => worker!.kill('SIGCONT'));
      await installation.drained(code);
      const raw = sink.sample;
      const reference = await sink.rate(() => rawLoop(url, raw));
      if (round >= WARM_UP_ROUNDS) pairs.push({ ours, reference });
    }
  } finally {
    await installation.close();
    await removeServers(servers);
    await sink.close();
  }
  return [judge('mail.throughput', 'mails/s', '>= 0.5', pairs)];
};

async function rawLoop(url: string, raw: string): Promise<void> {
  const transport = createTransport({ url, pool: true, maxConnections: CONNECTIONS, maxMessages: Infinity });
  const envelope = { from: 'no-reply@localhost', to: ['ada@example.org'] };
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let i = 0; i < MAILS / CONNECTIONS; i++) await transport.sendMail({ envelope, raw });
    }),
  );
  transport.close();
}
