import { connect, type Socket } from 'node:net';

/** What came back, as far as a load needs it. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** One kept-alive HTTP/1.1 connection to 127.0.0.1 that sends ready-made bytes, one request at a time, and does as little as it can. */
export class Connection {
  readonly #socket: Socket;
  #received = '';
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed a connection.')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
      socket.once('error', reject);
    });
  }

  /** @throws Error when the connection ends before the answer is whole */
  ask(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request, 'utf8');
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const head = this.#received.indexOf(HEAD_END);
    if (head < 0) return;
    const headers = this.#received.slice(0, head + 2);
    const length = /\r\ncontent-length: *(\d+)/i.exec(headers)?.[1] ?? '0';
    // One answer at a time: what ends like the last chunk is the end of it.
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(headers);
    const end = isChunked ? this.#received.length : head + HEAD_END.length + Number(length);
    if (this.#received.length < end || (isChunked && !this.#received.endsWith(LAST_CHUNK))) return;
    const reply = {
      status: Number(this.#received.slice(9, 12)),
      body: this.#received.slice(head + HEAD_END.length, end),
    };
    this.#received = this.#received.slice(end);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(reply);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
