import { createHash } from 'node:crypto';
import { chmod, open, rename, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

const MAIL_BYTES_MAX = 1024 * 1024;

/**
 * A mail relay on loopback that delivers to nobody: it keeps each mail as one `.eml` file (mode 0600) of the region's own folder, and
 * has it on disk when it says 250. The file is named after the Message-ID, so that a mail that comes twice is there once, and no
 * address stands in a name.
 */
export class MailCatcher {
  readonly #server: SMTPServer;

  /** @param options of the server, for tests that want another relay @param onKept is told the file of each mail that was kept */
  constructor(
    private readonly folder: string,
    options: Partial<SMTPServerOptions> = {},
    private readonly onKept: (file: string) => void = () => undefined,
  ) {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: MAIL_BYTES_MAX,
      logger: false,
      onData: (stream, _session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('error', (error: Error) => callback(error));
        stream.once('end', () => void this.#keep(Buffer.concat(chunks)).then(() => callback(), callback));
      },
      ...options,
    });
    // A client that hangs up in the middle is none of its business.
    this.#server.on('error', () => undefined);
  }

  /** @param port one that is free where it is left out @returns its port */
  listen(port = 0): Promise<number> {
    return new Promise((resolve) => {
      const server = this.#server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #keep(mail: Buffer): Promise<void> {
    const name = fileName(mail);
    const draft = join(this.folder, `.${name}.${process.pid}.new`);
    try {
      await writeDurably(draft, mail);
      await rename(draft, join(this.folder, name));
      this.onKept(name);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}

function fileName(mail: Buffer): string {
  const id = /^Message-ID:\s*<([\w-]+)@/im.exec(mail.toString('latin1').split('\r\n\r\n', 1)[0] ?? '')?.[1];
  return `${id ?? createHash('sha256').update(mail).digest('hex').slice(0, 32)}.eml`;
}

async function writeDurably(file: string, content: Buffer): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(file, 0o600);
}
