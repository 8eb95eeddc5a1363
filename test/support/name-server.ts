import { createSocket, type Socket } from 'node:dgram';

const TXT = 16;
const HEADER_BYTES = 12;

/** A name server on loopback that knows texts and nothing else; what it does not know is not there. */
export class NameServer {
  readonly #records = new Map<string, readonly string[]>();
  readonly #socket: Socket = createSocket('udp4');
  /** True lets it answer nothing. */
  isSilent = false;
  /** Names that were asked for, in order. */
  readonly asked: string[] = [];

  async start(): Promise<this> {
    this.#socket.on('message', (question, { port, address }) => {
      const name = nameIn(question);
      this.asked.push(name);
      if (!this.isSilent) this.#socket.send(answerTo(question, this.#records.get(name)), port, address);
    });
    await new Promise<void>((resolve) => this.#socket.bind(0, '127.0.0.1', resolve));
    return this;
  }

  /** As the settings take it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  publish(name: string, ...texts: readonly string[]): void {
    this.#records.set(name.toLowerCase(), texts);
  }

  withdraw(name: string): void {
    this.#records.delete(name.toLowerCase());
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

function nameIn(message: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER_BYTES; message[at]! > 0; at += message[at]! + 1)
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]!));
  return labels.join('.').toLowerCase();
}

/** RFC 1035 section 4: the question again, and a TXT record of TTL 0 for each text. */
function answerTo(question: Buffer, texts: readonly string[] | undefined): Buffer {
  let end = HEADER_BYTES;
  while (question[end]! > 0) end += question[end]! + 1;
  end += 5;
  const isText = question.readUInt16BE(end - 4) === TXT;
  const found = texts && isText ? texts : [];
  const header = Buffer.alloc(HEADER_BYTES);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(texts ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  return Buffer.concat([header, question.subarray(HEADER_BYTES, end), ...found.map(record)]);
}

function record(text: string): Buffer {
  const chunks = text.match(/.{1,255}/gs) ?? [''];
  const data = Buffer.concat(chunks.map((chunk) => Buffer.concat([Buffer.from([chunk.length]), Buffer.from(chunk)])));
  const head = Buffer.from([0xc0, HEADER_BYTES, 0, TXT, 0, 1, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
