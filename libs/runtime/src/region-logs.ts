import { appendFileSync, chmodSync, existsSync, fchmodSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LineSink, RegionSinks } from './log.js';
import { type ApiSettings, type RegionSettings, SettingsError } from './settings.js';

const LOG_BYTES_MAX = 16 * 1024 * 1024;

/** Which of a region's processes writes: each has a file of its own. */
export type LoggingProcess = 'api' | 'worker';

/** The file of a region's own lines, below the region's folder; where a process serves several regions. */
export function regionLogFile(home: string, process: LoggingProcess = 'api'): string {
  return join(home, 'logs', `${process}.log`);
}

/**
 * A log file for each served region of the combined topology, mode 0600 in a folder of mode 0700, appended to: what one process
 * does for several regions must not meet in one stream (law L9). Empty in the separate topology, where standard output goes to a
 * journal of the region already. Each line is written at once, so none is lost at an exit.
 * @param onFault is told the region whose line could not be written (disk full); the process goes on, as the line is a
 *   lesser loss than the region
 * @throws SettingsError when a region's folder is not there or takes no file
 */
export function regionLogs(
  {
    topology,
    regions,
  }: Pick<ApiSettings, 'topology'> & { readonly regions: readonly Pick<RegionSettings, 'code' | 'home'>[] },
  onFault: (region: string) => void,
  process: LoggingProcess = 'api',
): RegionSinks {
  if (topology === 'separate') return new Map();
  return new Map(
    regions.map(({ code, home }) => [code, openLog(code, regionLogFile(home, process), () => onFault(code))]),
  );
}

/** Puts a log of more than 16 MiB aside as `.1`, replacing the one before: at most two of them are kept. */
export function rotateLog(log: string): void {
  if (existsSync(log) && statSync(log).size > LOG_BYTES_MAX) renameSync(log, `${log}.1`);
}

function openLog(region: string, file: string, onFault: () => void): LineSink {
  const handle = opened(region, file);
  return {
    write(line) {
      try {
        // pino's own destination would keep every later line in memory after one that failed.
        appendFileSync(handle, line);
      } catch {
        onFault();
      }
    },
  };
}

/** Another process of the region may make it at the same time. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function opened(region: string, file: string): number {
  try {
    const folder = dirname(file);
    // Not recursively: a region's folder that is not there is a wrong setting, and never made here.
    makeFolder(folder);
    chmodSync(folder, 0o700);
    rotateLog(file);
    const handle = openSync(file, 'a', 0o600);
    // The mode above holds for a new file only.
    fchmodSync(handle, 0o600);
    return handle;
  } catch {
    throw new SettingsError([
      `DOMICILE_${region.toUpperCase()}_HOME names a folder that is not there or in which no log can be written; make it, for this user alone (mode 0700).`,
    ]);
  }
}
