import { Regions, ResidencyError } from '@domicile/residency';
import {
  type ApiSettings,
  closeDiagnostics,
  createEventLog,
  type Endpoint,
  type Environment,
  type EventLog,
  installEgressGuard,
  installLastResort,
  regionFilePath,
  regionLogs,
  SettingsError,
} from '@domicile/runtime';

/** What serves, as far as its end needs it. */
export interface RunningProcess {
  /** Finishes what is under way, then closes the databases. */
  close(): Promise<void>;
}

/** What makes a process this one and no other. */
export interface ServingProcessOptions<S extends ApiSettings> {
  /** First word of its events, and name of its log. */
  readonly name: 'api' | 'worker';
  readonly env: Environment;
  readonly settings: (env: Environment, regionCodes: readonly string[]) => S;
  /** Everything that it may connect to. */
  readonly reaches: (settings: S) => readonly Endpoint[];
  /** Starts to serve. */
  readonly serve: (settings: S, regionsFile: string, log: EventLog) => Promise<RunningProcess>;
  /** At the end what is under way is given so long: a database or relay that hangs must not keep the process from ending. */
  readonly stopMillisecondsMax: number;
  /** A sentence on an error of its own, for the operator; undefined for every other. */
  readonly explain?: (error: unknown) => string | undefined;
}

/**
 * A process from its environment to its end. It boots fail-closed: whatever does not hold ends it with exit code 1 and words for the
 * operator, before anything is served. SIGTERM and SIGINT end it in order, a second one at once.
 */
export async function runProcess<S extends ApiSettings>(options: ServingProcessOptions<S>): Promise<void> {
  // The process's own log; what belongs to a region goes to that region's, once it is known which are served.
  const processLog = createEventLog();
  installLastResort(processLog);
  try {
    await started(options, processLog);
  } catch (error) {
    process.stderr.write(`${sentence(options, error)}\n`);
    process.exit(1);
  }
}

async function started<S extends ApiSettings>(
  { name, env, settings: read, reaches, serve, stopMillisecondsMax }: ServingProcessOptions<S>,
  processLog: EventLog,
): Promise<void> {
  closeDiagnostics(processLog, process.execArgv, env);
  const file = regionFilePath(env);
  const settings = read(env, Regions.load(file).codes);
  const onFault = (region: string): void => processLog.event('log.write_failed', { region }, 'error');
  const log = createEventLog(undefined, regionLogs(settings, onFault, name));
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
function sentence<S extends ApiSettings>({ name, explain }: ServingProcessOptions<S>, error: unknown): string {
  const who = name === 'api' ? 'The API' : 'The worker';
  if (error instanceof SettingsError) return error.message;
  if (error instanceof ResidencyError) {
    const hint =
      error.code === 'residency.unavailable'
        ? ' See that the database of every served region is running and can be reached.'
        : '';
    return `${who} was not started: ${error.message}${hint}`;
  }
  const own = explain?.(error);
  if (own !== undefined) return own;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  return `${who} was not started because of an error that it has no words for (${kind}${typeof code === 'string' ? ` ${code}` : ''}).`;
}
