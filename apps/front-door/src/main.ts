import type { AddressInfo } from 'node:net';
import { type RunningProcess, runProcess } from '@domicile/boot';
import { Regions } from '@domicile/residency';
import { type EventLog, type FrontDoorSettings, frontDoorSettings } from '@domicile/runtime';

/** Loopback only: in a stack the proxy in front of it is on the same host or in the same pod. */
const HOST = '127.0.0.1';

async function serve(settings: FrontDoorSettings, file: string, log: EventLog): Promise<RunningProcess> {
  // Only now: settings that are refused are refused at once.
  const { createFrontDoor } = await import('./create-front-door.js');
  const door = createFrontDoor(Regions.load(file, settings.publicPorts), log);
  await door.listen({ port: settings.port, host: HOST });
  const { port } = door.server.address() as AddressInfo;
  log.event('front_door.listening', { port, pid: process.pid });
  return door;
}

await runProcess({
  name: 'front_door',
  env: process.env,
  settings: frontDoorSettings,
  // It has nobody to ask: what it knows stands in the public region file.
  reaches: () => [],
  // It serves no region, so nothing that it says is any region's.
  logs: () => new Map(),
  serve,
  stopMillisecondsMax: 2_000,
});
