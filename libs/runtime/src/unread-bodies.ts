import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BODY_SIZE_BYTES_MAX } from './http-server.js';

/** How much of a refused body is taken and dropped before the connection is cut, in bytes. */
export const DRAINED_BYTES_MAX = 1_048_576;
/** How long at most. */
export const DRAINED_MILLISECONDS_MAX = 1_000;

/** Requests whose client waits to be told to send its body. */
const waiting = new WeakSet<IncomingMessage>();

/**
 * What is owed to a client whose body nobody reads:
 * - One that asks first (`Expect: 100-continue`) is told to send when the body is first read and not before: a misdirected or refused
 *   request is answered with its body still at home. Node by itself invites every client before any guard has run.
 * - One that sends at once gets its answer: after it, up to 1 MB or 1 s of what still comes is dropped undecoded, as a connection closed
 *   on unread bytes is reset and takes the answer with it. Then the connection is cut.
 *
 * An answer given before the body's end closes the connection unless the rest is known to be short. Other expectations are ignored, as
 * RFC 9110 section 10.1.1 allows. Call it before routes are registered.
 */
export function installUnreadBodies(fastify: FastifyInstance): void {
  const { server } = fastify;
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request);
    request.on('newListener', (event) => {
      if (event === 'data' && waiting.delete(request)) response.writeContinue();
    });
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const { raw } = request;
    if (!raw.complete) {
      if (waiting.delete(raw) || !isShort(request)) void reply.header('connection', 'close');
      if (reply.getHeader('connection') === 'close') drainBeforeClosing(raw);
    }
    done(null, payload);
  });
}

/** No body, or one that may be read to its end: Node drops what is left of it, and the connection can be used again. */
function isShort({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= BODY_SIZE_BYTES_MAX;
}

/** Puts the dropping in front of what Node does once the last answer of a connection is out. */
function drainBeforeClosing(request: IncomingMessage): void {
  const { socket } = request;
  const close = socket.destroySoon.bind(socket);
  let left = DRAINED_BYTES_MAX;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  socket.destroySoon = () => {
    if (request.complete) return close();
    // The answer and the end of our side; the client's side is listened to a while longer.
    socket.end();
    const timer = setTimeout(() => socket.destroy(), DRAINED_MILLISECONDS_MAX);
    request.once('end', close);
    socket.once('close', () => clearTimeout(timer));
  };
}
