import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The web site of an application that asks for people: it takes what it is answered, and says so. */
export class RelyingSite {
  /** Every address that somebody was led back to. */
  readonly answers: URL[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', ({ url }, response) => {
      if (url?.startsWith('/callback')) this.answers.push(new URL(url, this.origin));
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Back</title><h1>Back</h1>');
    });
  }

  static async open(): Promise<RelyingSite> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RelyingSite(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Where people are led back to. */
  get callback(): string {
    return `${this.origin}/callback`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
