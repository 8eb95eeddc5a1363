import { type RunningProcess, runProcess } from '@domicile/boot';
import { Regions } from '@domicile/residency';
import {
  databaseEndpoint,
  type EventLog,
  regionLogs,
  relayEndpoint,
  type WorkerSettings,
  workerSettings,
} from '@domicile/runtime';

async function serve(settings: WorkerSettings, file: string, log: EventLog): Promise<RunningProcess> {
  // Only now: settings that are refused are refused at once.
  const { createWorker } = await import('./worker.module.js');
  const ports = Object.fromEntries(
    Regions.load(file).codes.map((code) => [code, settings.publicPorts[code] ?? settings.port]),
  );
  const worker = await createWorker(settings, Regions.load(file, ports), log);
  log.event('worker.ready', { topology: settings.topology, pid: process.pid });
  return worker;
}

await runProcess({
  name: 'worker',
  env: process.env,
  settings: workerSettings,
  reaches: ({ regions, relays }) => [
    ...regions.flatMap(({ database, keyStore }) => [database, keyStore]).map(databaseEndpoint),
    ...relays.map(relayEndpoint),
  ],
  logs: (settings, onFault) => regionLogs(settings, onFault, 'worker'),
  serve,
  // A mail that is under way is finished or given up within 15 s, and then noted.
  stopMillisecondsMax: 20_000,
});
