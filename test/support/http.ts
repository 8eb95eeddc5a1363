import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

/** What came back. */
export class Answer {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly text: string,
    /** From the first byte sent to the last one received. */
    readonly milliseconds: number,
  ) {}

  /** The body as JSON. @throws SyntaxError when it is none */
  json<T = Record<string, unknown>>(): T {
    return JSON.parse(this.text) as T;
  }

  /** Code of the problem document; undefined when it is none. */
  get code(): string | undefined {
    if (this.headers['content-type'] !== 'application/problem+json') return undefined;
    return this.json<{ code: string }>().code;
  }
}

/** What is sent to 127.0.0.1. Nothing is added but what HTTP needs. */
export interface Ask {
  readonly port: number;
  /** As it stands in the request line; never normalised. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as application/json. */
  readonly json?: unknown;
  readonly body?: Uint8Array;
  /** Keeps connections; without one each request has its own. */
  readonly agent?: Agent;
}

/** One request over real HTTP. @throws Error of the socket when no answer came */
export function ask({ port, path, method, headers = {}, json, body, agent }: Ask): Promise<Answer> {
  const bytes = json === undefined ? body : Buffer.from(JSON.stringify(json));
  const typed = json === undefined ? {} : { 'content-type': 'application/json' };
  const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: method ?? (bytes ? 'POST' : 'GET'),
        headers: { ...typed, ...length, ...(headers as Record<string, string>) },
        agent: agent ?? false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve(new Answer(incoming.statusCode ?? 0, incoming.headers, text, performance.now() - began));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/**
 * Bytes on a connection of their own, for what a client library would not send; resolves with all that came back once the server has
 * closed (or, with `until`, once that has been received).
 */
export function exchange(
  port: number,
  bytes: string | Uint8Array,
  until?: RegExp,
): Promise<{ text: string; closed: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const chunks: Buffer[] = [];
    const received = (): string => Buffer.concat(chunks).toString('utf8');
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: received(), closed });
    };
    const timer = setTimeout(() => finish(false), 8_000);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (until?.test(received())) finish(false);
    });
    socket.on('end', () => finish(true));
    // A server that closes with our bytes unread resets the connection: that is a close as well.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      chunks.length > 0 || error.code === 'EPIPE' || error.code === 'ECONNRESET' ? finish(true) : reject(error),
    );
    socket.write(bytes);
  });
}

/** The value, as soon as there is one; asks every 20 ms. @throws Error naming what was waited for, after `patience` ms */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  patience = 15_000,
): Promise<T> {
  for (const end = performance.now() + patience; ;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`Waited ${patience} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
