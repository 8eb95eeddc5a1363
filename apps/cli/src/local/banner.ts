import { join } from 'node:path';
import type { Regions } from '@domicile/residency';
import { regionLogFile } from '@domicile/runtime';
import type { CliSettings } from '../cli-settings.js';

/** Where everything is, in a few lines for people. Holds no secret and no internal address. */
export function banner(settings: CliSettings, regions: Regions, separate: boolean): string {
  const lines = regions.all.flatMap(({ code, name, origins }) => [
    `  ${code}  ${name}`,
    `      API        ${origins.customer}`,
    `      reference  ${origins.customer}/docs`,
    `      mail       ${join(settings.regionHome(code), 'mail')}`,
    // With a process a region its lines follow below instead.
    ...(separate ? [] : [`      log        ${regionLogFile(settings.regionHome(code))}`]),
  ]);
  const topology = separate ? 'one API process per region' : 'one API process for all regions';
  return [
    '',
    `Domicile is running (${topology}).`,
    ...lines,
    `  data  ${settings.home}`,
    'Ctrl-C stops everything; the data stays for the next start.',
    '',
  ].join('\n');
}
