import { Agent, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { fastifyOptions, installStrictJsonBody } from './http-server.js';
import { DRAINED_BYTES_MAX, installUnreadBodies } from './unread-bodies.js';

let fastify: FastifyInstance;
let answered: (socket: Socket) => void = () => undefined;

beforeAll(async () => {
  fastify = new FastifyAdapter(fastifyOptions()).getInstance<FastifyInstance>();
  installStrictJsonBody(fastify);
  installUnreadBodies(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.headers['x-refuse'] === undefined) return done();
    void reply.code(421).header('connection', 'close').send({ refused: true });
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    answered(request.raw.socket);
    done();
  });
  fastify.post('/t', (_request, reply) => reply.code(201).send({ ok: true }));
  await fastify.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => fastify.close());

const port = (): number => (fastify.server.address() as AddressInfo).port;
const connections = (): Promise<number> =>
  new Promise((resolve, reject) =>
    fastify.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
const JSON_TYPE = 'content-type: application/json\r\n';
const head = (rest: string, path = '/t'): string => `POST ${path} HTTP/1.1\r\nhost: x\r\n${rest}\r\n`;

/** A client that sends its head, waits until the server has answered, sends that many bytes all the same, and only then reads. */
async function stubborn(first: string, bytes: number): Promise<{ text: string; errors: string[]; serverSide: Socket }> {
  const served = new Promise<Socket>((resolve) => (answered = resolve));
  const errors: string[] = [];
  let text = '';
  const socket = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(first);
  const serverSide = await served;
  // Its end of the connection is out; one that did not mean to listen on would have closed by now.
  if (!serverSide.writableFinished) await new Promise((resolve) => serverSide.once('finish', resolve));
  await new Promise((resolve) => setImmediate(resolve));
  const chunk = Buffer.alloc(65_536, 0x20);
  for (let left = bytes; left > 0 && !socket.destroyed; left -= chunk.length)
    await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
  await new Promise<void>((resolve) => {
    socket.on('data', (data) => (text += String(data)));
    socket.once('end', () => resolve());
    void closed.then(resolve);
  });
  socket.end();
  await closed;
  return { text, errors, serverSide };
}

describe('an answer before the body has come', () => {
  it.each([
    ['421', `x-refuse: 1\r\n${JSON_TYPE}content-length: 10000000\r\n`, ''],
    ['421', `x-refuse: 1\r\n${JSON_TYPE}transfer-encoding: chunked\r\n`, 'f0000\r\n'],
    ['413', `${JSON_TYPE}content-length: 10000000\r\n`, ''],
    ['413', `${JSON_TYPE}transfer-encoding: chunked\r\n`, `f0000\r\n${' '.repeat(65_537)}`],
    ['415', 'content-type: text/plain\r\ncontent-length: 10000000\r\n', ''],
  ])('arrives at a client that goes on sending 900 kB: %s %#', async (status, headers, start) => {
    const { text, errors } = await stubborn(head(headers) + start, 900_000);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toMatch(/connection: close/i);
    expect(errors).toEqual([]);
  });

  it('costs no more than 1 MB: then the connection is cut', async () => {
    const first = head(`x-refuse: 1\r\n${JSON_TYPE}content-length: 100000000\r\n`);
    const { errors, serverSide } = await stubborn(first, 50_000_000);
    expect(errors.length).toBeGreaterThan(0);
    // One read of the socket more may be under way.
    expect(serverSide.bytesRead).toBeLessThan(2 * DRAINED_BYTES_MAX);
  });

  it('ends the connection by itself when the client neither sends nor goes', async () => {
    const socket = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true });
    const closed = new Promise<Socket>((resolve) => (answered = (own) => own.once('close', () => resolve(own))));
    socket.write(head(`x-refuse: 1\r\n${JSON_TYPE}content-length: 10000000\r\n`));
    expect((await closed).destroyed).toBe(true);
    socket.destroy();
  });

  it('leaves the connection usable when the rest is known to be short', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (path: string): Promise<[number | undefined, number | undefined]> =>
      new Promise((resolve, reject) => {
        const outgoing = send({ agent, port: port(), host: '127.0.0.1', path, method: 'POST' }, (incoming) => {
          const { localPort } = incoming.socket;
          incoming.resume().once('end', () => resolve([incoming.statusCode, localPort]));
        });
        outgoing.setHeader('content-type', 'application/json').on('error', reject).end('{"a":1}');
      });
    const [first, second, third] = [await ask('/nothing'), await ask('/t'), await ask('/t')];
    agent.destroy();
    expect([first[0], second[0], third[0]]).toEqual([404, 201, 201]);
    expect(new Set([first[1], second[1], third[1]]).size).toBe(1);
  });
});

describe('a client that asks before it sends its body', () => {
  /** All that comes back; the body is sent when, and only when, the server has invited it. */
  const polite = (headers: string, path = '/t', body = '{"a":1}'): Promise<{ text: string; invited: boolean }> =>
    new Promise((resolve, reject) => {
      let text = '';
      let invited = false;
      const socket = connect({ port: port(), host: '127.0.0.1' });
      socket.on('error', reject);
      socket.on('data', (data) => {
        text += String(data);
        if (invited || !text.startsWith('HTTP/1.1 100 Continue\r\n\r\n')) return;
        invited = true;
        socket.write(body);
      });
      socket.on('close', () => resolve({ text, invited }));
      socket.write(head(`${headers}expect: 100-continue\r\n`, path));
    });

  it('is invited when its body is about to be read', async () => {
    const { text, invited } = await polite(`${JSON_TYPE}content-length: 7\r\nconnection: close\r\n`);
    expect(invited).toBe(true);
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
  });

  it.each([
    ['misdirected', '421', `x-refuse: 1\r\n${JSON_TYPE}content-length: 7\r\n`, '/t'],
    ['too large', '413', `${JSON_TYPE}content-length: 65537\r\n`, '/t'],
    ['of another type', '415', 'content-type: text/plain\r\ncontent-length: 7\r\n', '/t'],
    ['for nothing that exists', '404', `content-type: text/plain\r\ncontent-length: 7\r\n`, '/nothing'],
  ])('is answered, and never invited, when it is %s: %s', async (_what, status, headers, path) => {
    const { text, invited } = await polite(headers, path);
    expect(invited).toBe(false);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).not.toContain('100 Continue');
    // It may send its body after all or not: nobody can tell where the next request would begin.
    expect(text).toMatch(/connection: close/i);
  });

  it('with an expectation that nobody knows is served like any other', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect({ port: port(), host: '127.0.0.1' });
      socket.on('error', reject).on('data', (data) => (received += String(data)));
      socket.on('close', () => resolve(received));
      socket.write(`${head(`${JSON_TYPE}content-length: 7\r\nexpect: a-miracle\r\nconnection: close\r\n`)}{"a":1}`);
    });
    expect(text).toMatch(/^HTTP\/1\.1 201 /);
  });

  it('leaves nothing behind', async () => {
    while ((await connections()) > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});
