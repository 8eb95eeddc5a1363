import { createServer, type AddressInfo } from 'node:net';
import { type RunningProcess, runProcess } from '@domicile/boot';
import { Regions } from '@domicile/residency';
import { type ApiSettings, apiSettings, databaseEndpoint, type EventLog, regionLogs } from '@domicile/runtime';

/** Loopback only: in a stack the proxy in front of it is on the same host or in the same pod. */
const HOST = '127.0.0.1';

async function serve(settings: ApiSettings, file: string, log: EventLog): Promise<RunningProcess> {
  // Only now: settings that are refused are refused at once.
  const { createApp } = await import('./create-app.js');
  const port = settings.port === 0 ? await freePort() : settings.port;
  const app = await createApp(settings, Regions.load(file, publicPorts(settings, Regions.load(file).codes, port)), log);
  await app.listen(port, HOST);
  log.event('api.listening', { port, topology: settings.topology, pid: process.pid });
  return app;
}

/** Ports in the regions' origins: those of the settings, else our own. */
function publicPorts(settings: ApiSettings, codes: readonly string[], port: number): Record<string, number> {
  return Object.fromEntries(codes.map((code) => [code, settings.publicPorts[code] ?? port]));
}

/** The port must be known before the origins are, and so before anything listens on it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

await runProcess({
  name: 'api',
  env: process.env,
  settings: apiSettings,
  // Databases alone: mail is the worker's.
  reaches: ({ regions }) => regions.flatMap(({ database, keyStore }) => [database, keyStore]).map(databaseEndpoint),
  logs: (settings, onFault) => regionLogs(settings, onFault, 'api'),
  serve,
  stopMillisecondsMax: 4_000,
});
