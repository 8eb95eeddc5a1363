import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What Chromium asks its maker by itself, whatever page is open: never passed on. A page that asked there would be told on by the console. */
const CHROMIUMS_OWN = [
  'accounts.google.com',
  'clients2.google.com',
  'content-autofill.googleapis.com',
  'update.googleapis.com',
];

/** One request of a browser, as it left it. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** False for what the test did not allow: it was stopped here. */
  readonly allowed: boolean;
  status: number;
  answered: IncomingHttpHeaders;
  /** Of the answer's body, as it was transferred: compressed where the server compressed it. */
  bytes: number;
}

/**
 * The proxy through which everything of one browser context goes, and the record of it: pages, scripts, icons, pings, workers and sockets
 * alike, whether or not the browser's own tools would tell. It passes on what goes to an origin that the test allows, all of them on this
 * machine, and nothing else.
 */
export class Wire {
  readonly sent: Sent[] = [];
  readonly #allowed = new Set<string>();
  readonly #tunnels = new Set<Socket>();
  readonly #server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));

  private constructor() {
    this.#server.on('connect', (incoming: IncomingMessage, socket: Socket, head: Buffer) =>
      this.#tunnel(incoming, socket, head),
    );
  }

  static async open(): Promise<Wire> {
    const wire = new Wire();
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  allow(origin: string): void {
    this.#allowed.add(origin);
  }

  /** The origins that it passes things on to. */
  get allowed(): readonly string[] {
    return [...this.#allowed];
  }

  /** Everything of the pages that was to go somewhere else. */
  get strays(): readonly Sent[] {
    return this.sent.filter(({ allowed, url }) => !allowed && !CHROMIUMS_OWN.includes(url.hostname));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    for (const socket of this.#tunnels) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #record(method: string, url: URL, headers: IncomingHttpHeaders): Sent {
    const allowed = this.#allowed.has(url.origin);
    const sent = { method, url, headers, allowed, status: 0, answered: {}, bytes: 0 };
    this.sent.push(sent);
    return sent;
  }

  /** Sockets and TLS come as CONNECT. Nothing here speaks either: what is allowed goes through unread. */
  #tunnel({ method, url, headers }: IncomingMessage, socket: Socket, head: Buffer): void {
    const { allowed, url: to } = this.#record(method!, new URL(`https://${url}`), headers);
    if (!allowed) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const onward = connect(Number(to.port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const [one, other] of [
      [onward, socket],
      [socket, onward],
    ] as const)
      one.on('error', () => other.destroy());
    this.#tunnels.add(socket);
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = new URL(incoming.url!);
    const { 'proxy-connection': _hop, ...asked } = incoming.headers;
    // Budgets are said in gzip, which every browser and proxy of anybody takes; Brotli would look smaller.
    const headers = { ...asked, 'accept-encoding': 'gzip' };
    const sent = this.#record(incoming.method!, url, headers);
    if (!sent.allowed) return void outgoing.writeHead(502).end();
    const path = url.pathname + url.search;
    // Names of this machine are the browser's to resolve; Node's resolver does not know them.
    const onward = request({ host: '127.0.0.1', port: url.port, method: sent.method, path, headers }, (answer) => {
      sent.status = answer.statusCode!;
      sent.answered = answer.headers;
      answer.on('data', (chunk: Buffer) => (sent.bytes += chunk.length));
      outgoing.writeHead(sent.status, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    // A server that is away is away for the browser, too: a connection that ends without an answer.
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
