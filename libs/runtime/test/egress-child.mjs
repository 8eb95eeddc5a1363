/**
 * Tries every way out of a process, with the guard (`guarded`) or without, and prints what came of each as one JSON line
 * `{outcomes, refused, arrived}`. All targets are on loopback and its own; `arrived` counts what really came through to them.
 */
import dgram from 'node:dgram';
import dns, { lookup as lookupByName } from 'node:dns';
import { lookup as lookupByPromise } from 'node:dns/promises';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';

const [, , folder, mode] = process.argv;
if (mode === 'ipc') {
  process.send('over the pipe');
  process.disconnect();
} else await main();

async function main() {
  const HOST = '127.0.0.1';
  const arrived = { tcp: 0, unix: 0, udp: 0, declared: 0 };
  const sockets = new Set();
  const listening = async (server, ...where) => {
    server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
    server.listen(...where);
    await once(server, 'listening');
    return server.address().port;
  };
  const closing = (count) => net.createServer((socket) => (count(), socket.destroy()));
  const port = await listening(
    closing(() => arrived.tcp++),
    0,
    HOST,
  );
  const path = join(folder, 'socket');
  await listening(
    closing(() => arrived.unix++),
    path,
  );
  // A shared key needs no certificate.
  const key = Buffer.alloc(32, 7);
  const psk = { ciphers: 'PSK', maxVersion: 'TLSv1.2' };
  const ours = { ...psk, pskCallback: () => key };
  const theirs = { ...psk, pskCallback: () => ({ psk: key, identity: 'x' }), checkServerIdentity: () => undefined };
  const declared = await listening(
    net.createServer((socket) => (arrived.declared++, socket.end('hello'))),
    0,
    HOST,
  );
  const secure = await listening(
    tls.createServer(ours, (socket) => socket.end('hello')),
    0,
    HOST,
  );
  const udp = dgram.createSocket('udp4').on('message', (question, { port: from }) => {
    arrived.udp++;
    // "No such name", so that nobody waits.
    if (question.length > 12)
      udp.send(Buffer.concat([question.subarray(0, 2), Buffer.of(0x81, 0x83), question.subarray(4)]), from);
  });
  udp.bind(0, HOST);
  await once(udp, 'listening');
  // Questions to a name server would come here as well.
  dns.setServers([`${HOST}:${udp.address().port}`]);
  const resolver = new dns.Resolver();
  const promising = new dns.promises.Resolver();
  for (const each of [resolver, promising]) each.setServers([`${HOST}:${udp.address().port}`]);

  let refused = 0;
  if (mode === 'guarded') {
    const { installEgressGuard } = await import('../src/egress.ts');
    const allowed = [
      { host: HOST, port: declared },
      { host: HOST, port: secure },
      { host: '[::1]', port: declared },
    ];
    installEgressGuard({ allowed, onRefused: () => refused++ });
  }

  const socketed = (make) => () =>
    new Promise((resolve) => {
      const socket = make();
      socket.once('error', (error) => resolve(error.code));
      socket.once('close', () => resolve('reached'));
      socket.once('data', (data) => resolve(String(data)));
    });
  const called = (ask) => () => new Promise((resolve) => ask((error) => resolve(error?.code ?? 'answered')));
  const promised = (ask) => () =>
    Promise.resolve()
      .then(ask)
      .then(
        () => 'reached',
        (error) => error.cause?.code ?? error.code,
      );
  const requested = (library, options) => socketed(() => library.request({ host: HOST, port, ...options }).end());
  const agent = new http.Agent({ keepAlive: true });
  const NAME = 'canary.invalid';
  const datagram = dgram.createSocket('udp4');

  const refusedOnes = {
    'net.connect(port, host)': socketed(() => net.connect(port, HOST)),
    'net.connect(options)': socketed(() => net.connect({ port, host: HOST })),
    'net.createConnection': socketed(() => net.createConnection({ port, host: HOST })),
    'a port as text': socketed(() => net.connect(String(port), HOST)),
    'socket.connect': socketed(() => new net.Socket().connect(port, HOST)),
    'a declared host at another port': socketed(() => new net.Socket().connect({ port, host: HOST })),
    'a declared port at another host': socketed(() => net.connect(declared, '127.0.0.2')),
    'a declared address by another name': socketed(() => net.connect(declared, 'localhost')),
    'no host': socketed(() => net.connect(declared)),
    'a look-up of its own': socketed(() =>
      net.connect({
        port,
        host: 'localhost',
        lookup: (_name, _options, done) => done(null, [{ address: HOST, family: 4 }]),
      }),
    ),
    'a unix socket': socketed(() => net.connect(path)),
    'a unix socket by options': socketed(() => net.connect({ path, port: declared, host: HOST })),
    'tls.connect': socketed(() => tls.connect({ port, host: HOST })),
    'http.get': requested(http, {}),
    'http by an agent': requested(http, { agent }),
    'http over a unix socket': requested(http, { socketPath: path }),
    'https.get': requested(https, {}),
    'http2.connect': socketed(() => http2.connect(`http://${HOST}:${port}`)),
    fetch: promised(() => fetch(`http://${HOST}:${port}/`)),
    'fetch over TLS': promised(() => fetch(`https://${HOST}:${port}/`)),
    'dgram.send': called((done) => datagram.send('x', udp.address().port, HOST, done)),
    'dgram.connect': called((done) => dgram.createSocket('udp4').connect(udp.address().port, HOST, done)),
    'dns.lookup': called((done) => dns.lookup(NAME, done)),
    'dns.lookup by name': called((done) => lookupByName(NAME, {}, done)),
    'dns.lookupService': called((done) => dns.lookupService(HOST, port, done)),
    'dns.resolve': called((done) => dns.resolve(NAME, done)),
    'dns.resolve4': called((done) => dns.resolve4(NAME, done)),
    'dns.resolveMx': called((done) => dns.resolveMx(NAME, done)),
    'dns.resolveTxt': called((done) => dns.resolveTxt(NAME, done)),
    'dns.reverse': called((done) => dns.reverse('192.0.2.1', done)),
    'resolver.resolve4': called((done) => resolver.resolve4(NAME, done)),
    'dns.promises.lookup': promised(() => dns.promises.lookup(NAME)),
    'dns.promises.lookup by name': promised(() => lookupByPromise(NAME)),
    'dns.promises.resolve': promised(() => dns.promises.resolve(NAME)),
    'promises.Resolver': promised(() => promising.resolveTxt(NAME)),
  };
  const allowedOnes = {
    'a declared endpoint': socketed(() => net.connect(declared, HOST)),
    'a declared endpoint by options': socketed(() => net.connect({ host: HOST, port: String(declared) })),
    'tls to a declared endpoint': socketed(() => tls.connect({ host: HOST, port: secure, ...theirs })),
    'tls over an open socket': socketed(() => tls.connect({ socket: net.connect(secure, HOST), ...theirs })),
    'a look-up of an address': called((done) => dns.lookup(HOST, done)),
    'another server': async () => (await listening(net.createServer(), 0, HOST)) > 0,
    'a child over its pipe': async () =>
      String(
        (
          await once(
            fork(import.meta.filename, [folder, 'ipc'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
            'message',
          )
        )[0],
      ),
  };
  const outcomesOf = async (attempts) => {
    const outcomes = {};
    for (const [name, attempt] of Object.entries(attempts))
      outcomes[name] = await attempt().catch((error) => error.code ?? String(error));
    return outcomes;
  };
  // Without the guard these would ask the machine's own name server, and nothing of a test leaves loopback.
  if (mode === 'open') for (const name of Object.keys(refusedOnes)) if (/lookup/.test(name)) delete refusedOnes[name];
  const outcomes = await outcomesOf(refusedOnes);
  const soFar = { refused, arrived: { ...arrived } };
  const allowed = await outcomesOf(allowedOnes);
  const again = await (async () => {
    if (mode !== 'guarded') return [];
    const { installEgressGuard } = await import('../src/egress.ts');
    const attempts = [
      () => installEgressGuard({ allowed: [{ host: HOST, port }], onRefused: () => undefined }),
      () => (net.Socket.prototype.connect = () => undefined),
      () => Object.defineProperty(dns, 'lookup', { value: () => undefined }),
      () => delete dgram.Socket.prototype.send,
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'possible';
      } catch (error) {
        return error.message;
      }
    });
  })();
  process.stdout.write(`${JSON.stringify({ outcomes, ...soFar, allowed, stillRefused: refused, again })}\n`);
  process.exit(0);
}
