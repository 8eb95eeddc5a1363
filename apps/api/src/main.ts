import { createServer, type AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Regions, ResidencyError } from '@domicile/residency';
import {
  type ApiSettings,
  apiSettings,
  closeDiagnostics,
  createEventLog,
  databaseEndpoint,
  type EventLog,
  installEgressGuard,
  installLastResort,
  regionFilePath,
  regionLogs,
  SettingsError,
} from '@domicile/runtime';
import { createApp } from './create-app.js';

/** Loopback only: in a stack the proxy in front of it is on the same host or in the same pod. */
const HOST = '127.0.0.1';
/** A database that hangs must not keep the process from ending. */
const STOP_MILLISECONDS_MAX = 4_000;

/** The process's own log; what belongs to a region goes to that region's, once it is known which are served. */
const processLog = createEventLog();
installLastResort(processLog);

async function serve(): Promise<void> {
  closeDiagnostics(processLog, process.execArgv, process.env);
  const file = regionFilePath(process.env);
  const settings = apiSettings(process.env, Regions.load(file).codes);
  const log = createEventLog(
    undefined,
    regionLogs(settings, (region) => processLog.event('log.write_failed', { region }, 'error')),
  );
  installEgressGuard({
    allowed: settings.regions.flatMap(({ database, keyStore }) => [database, keyStore]).map(databaseEndpoint),
    onRefused: (kind) => processLog.event('egress.refused', { code: kind }, 'error'),
  });
  const port = settings.port === 0 ? await freePort() : settings.port;
  const app = await createApp(settings, Regions.load(file, publicPorts(settings, Regions.load(file).codes, port)), log);
  stopOnSignal(app, log);
  await app.listen(port, HOST);
  log.event('api.listening', { port, topology: settings.topology, pid: process.pid });
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

/** Requests and the mail under way are finished, then the databases are closed. A second signal ends at once. */
function stopOnSignal(app: NestFastifyApplication, log: EventLog): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      log.event('api.stop_forced', { signal }, 'warn');
      process.exit(1);
    }, STOP_MILLISECONDS_MAX);
    void app.close().then(() => {
      log.event('api.stopped', { signal });
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/** Words for the operator: our own errors speak for themselves, of others only class and code, as their messages quote values. */
function sentence(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (error instanceof ResidencyError) {
    const hint =
      error.code === 'residency.unavailable'
        ? ' See that the database of every served region is running and can be reached.'
        : '';
    return `The API was not started: ${error.message}${hint}`;
  }
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'EADDRINUSE')
    return 'The API was not started: its port is in use by another program; stop that one or set PORT to another.';
  if (code === 'EACCES')
    return 'The API was not started: this user may not listen on its port; set PORT to one above 1023.';
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return `The API was not started because of an error that it has no words for (${name}${typeof code === 'string' ? ` ${code}` : ''}).`;
}

try {
  await serve();
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}
