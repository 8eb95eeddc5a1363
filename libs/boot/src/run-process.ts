import { Regions, ResidencyError } from '@domicile/residency';
import {
  closeDiagnostics,
  createEventLog,
  type Endpoint,
  type Environment,
  type EventLog,
  installEgressGuard,
  installLastResort,
  regionFilePath,
  type RegionSinks,
  SettingsError,
} from '@domicile/runtime';

/** What serves, as far as its end needs it. */
export interface RunningProcess {
  /** Finishes what is under way, then closes the databases. */
  close(): Promise<void>;
}

/** The processes there are: the first word of their events, and how sentences call them. */
const PROCESSES = { api: 'The API', worker: 'The worker', front_door: 'The front door' };

/** What makes a process this one and no other. */
export interface ServingProcessOptions<S> {
  readonly name: keyof typeof PROCESSES;
  readonly env: Environment;
  readonly settings: (env: Environment, regionCodes: readonly string[]) => S;
  /** Everything that it may connect to. */
  readonly reaches: (settings: S) => readonly Endpoint[];
  /** The logs of the regions that it serves; `onFault` is told the region whose line was lost. */
  readonly logs: (settings: S, onFault: (region: string) => void) => RegionSinks;
  /** Starts to serve. */
  readonly serve: (settings: S, regionsFile: string, log: EventLog) => Promise<RunningProcess>;
  /** At the end what is under way is given so long: a database or relay that hangs must not keep the process from ending. */
  readonly stopMillisecondsMax: number;
}

/**
 * A process from its environment to its end. It boots fail-closed: whatever does not hold ends it with exit code 1 and words for the
 * operator, before anything is served. SIGTERM and SIGINT end it in order, a second one at once.
 */
export async function runProcess<S>(options: ServingProcessOptions<S>): Promise<void> {
  // The process's own log; what belongs to a region goes to that region's, once it is known which are served.
  const processLog = createEventLog();
  installLastResort(processLog);
  try {
    await started(options, processLog);
  } catch (error) {
    process.stderr.write(`${sentence(options.name, error)}\n`);
    process.exit(1);
  }
}

async function started<S>(
  { name, env, settings: read, reaches, logs, serve, stopMillisecondsMax }: ServingProcessOptions<S>,
  processLog: EventLog,
): Promise<void> {
  closeDiagnostics(processLog, process.execArgv, env);
  const file = regionFilePath(env);
  const settings = read(env, Regions.load(file).codes);
  const onFault = (region: string): void => processLog.event('log.write_failed', { region }, 'error');
  const log = createEventLog(undefined, logs(settings, onFault));
  installEgressGuard({
    allowed: reaches(settings),
    onRefused: (kind) => processLog.event('egress.refused', { code: kind }, 'error'),
  });
  const running = await serve(settings, file, log);
  stopOnSignal(name, running, log, stopMillisecondsMax);
}

function stopOnSignal(name: string, running: RunningProcess, log: EventLog, stopMillisecondsMax: number): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      log.event(`${name}.stop_forced`, { signal }, 'warn');
      process.exit(1);
    }, stopMillisecondsMax);
    void running.close().then(() => {
      log.event(`${name}.stopped`, { signal });
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/** Words for the operator: our own errors speak for themselves, of others only class and code, as their messages quote values. */
function sentence(name: keyof typeof PROCESSES, error: unknown): string {
  const who = PROCESSES[name];
  if (error instanceof SettingsError) return error.message;
  if (error instanceof ResidencyError) {
    const hint =
      error.code === 'residency.unavailable'
        ? ' See that the database of every served region is running and can be reached.'
        : '';
    return `${who} was not started: ${error.message}${hint}`;
  }
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const isOfPort = error instanceof Error && Reflect.get(error, 'syscall') === 'listen';
  if (isOfPort && code === 'EADDRINUSE')
    return `${who} was not started: its port is in use by another program; stop that one or set PORT to another.`;
  if (isOfPort && code === 'EACCES')
    return `${who} was not started: this user may not listen on its port; set PORT to one above 1023.`;
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  return `${who} was not started because of an error that it has no words for (${kind}${typeof code === 'string' ? ` ${code}` : ''}).`;
}
