import { connect, createServer } from 'node:net';

/**
 * Why that port cannot be listened on: `EADDRINUSE`, `EACCES` …; undefined when it can.
 * @param host one address; every address of the machine where it is left out.
 */
export function portTrouble(port: number, host?: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host }, () => server.close(() => resolve(undefined)));
  });
}

/** A port of 127.0.0.1 that was free a moment ago: `preferred` if it can be had. Somebody may still be faster; try again then. */
export async function freeLoopbackPort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await portTrouble(preferred, '127.0.0.1')) === undefined) return preferred;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** True when something on 127.0.0.1 accepts a TCP connection on that port within a second. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const answer = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}
