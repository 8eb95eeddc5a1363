import { join } from 'node:path';
import type { Regions } from '@domicile/residency';
import { regionLogFile } from '@domicile/runtime';
import type { CliSettings } from '../cli-settings.js';

/** Where everything is, in a few lines for people. Holds no secret and no internal address. */
export function banner(
  settings: CliSettings,
  regions: Regions,
  separate: boolean,
  inboxes: Readonly<Record<string, string>>,
): string {
  const lines = regions.all.flatMap(({ code, name, origins }) => [
    `  ${code}  ${name}`,
    `      API        ${origins.customer}`,
    `      reference  ${origins.customer}/docs`,
    ...(inboxes[code] === undefined
      ? [`      mail       through the relay of its settings`]
      : [`      inbox      ${inboxes[code]}`, `      mail       ${join(settings.regionHome(code), 'mail')}`]),
    // With a process a region its lines follow below instead.
    ...(separate
      ? []
      : (['api', 'worker'] as const).map(
          (process) => `      log        ${regionLogFile(settings.regionHome(code), process)}`,
        )),
  ]);
  const topology = separate
    ? 'the front door, and one API process and one worker per region'
    : 'the front door, and one API process and one worker for all regions';
  return [
    '',
    `Domicile is running (${topology}): open http://localhost:${settings.port}`,
    ...lines,
    `  data  ${settings.home}`,
    'Ctrl-C stops everything; the data stays for the next start.',
    '',
  ].join('\n');
}
