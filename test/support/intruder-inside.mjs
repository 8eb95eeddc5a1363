/**
 * Code that got into one of our processes, as a dependency that turned would: loaded by NODE_OPTIONS before anything else. It sleeps
 * until it is signalled. SIGWINCH: it tries to reach `port`s of 127.0.0.1, to look a name up and to send a datagram, and prints what
 * came of each. SIGIO: it throws something that holds `word` where nobody catches it.
 */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { connect } from 'node:net';

const asked = new URL(import.meta.url).searchParams;
const NAME = 'canary.invalid';

const reached = (port) =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.once('connect', () => resolve('connected')).once('error', ({ code }) => resolve(code));
    socket.once('close', () => socket.destroy());
  });
function datagram() {
  const socket = createSocket('udp4');
  try {
    socket.send('x', Number(asked.get('port')), '127.0.0.1');
    return 'sent';
  } catch ({ code }) {
    return code;
  } finally {
    socket.close();
  }
}

process.on('SIGWINCH', async () => {
  const outcomes = {};
  for (const port of asked.getAll('port')) outcomes[port] = await reached(port);
  outcomes.name = await new Promise((resolve) => lookup(NAME, (error) => resolve(error?.code ?? 'found')));
  outcomes.datagram = datagram();
  process.stdout.write(`${JSON.stringify({ event: 'intruder.tried', outcomes })}\n`);
});
process.on('SIGIO', () => {
  const word = asked.get('word');
  void Promise.reject(Object.assign(new TypeError(word), { code: 'ECANARY', detail: word }));
});
