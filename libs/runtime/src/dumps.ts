import { writeFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import type { Environment } from './database-settings.js';
import type { EventLog } from './log.js';
import { SettingsError } from './settings.js';

/** Options of Node and V8 that write memory, environment, keys or traces to a file, or let somebody read them, by their beginning. */
const REFUSED = [
  '--inspect',
  '--debug-port',
  '--experimental-network-inspection',
  '--experimental-storage-inspection',
  '--experimental-worker-inspection',
  '--heapsnapshot-',
  '--heap-snapshot',
  '--heap-prof',
  '--cpu-prof',
  '--prof',
  '--ll-prof',
  '--perf-',
  '--report-',
  '--diagnostic-dir',
  '--abort-on-uncaught-exception',
  '--trace-',
  '--log',
  '--print-',
  '--redirect-warnings',
  '--tls-keylog',
  // Files that may hold any of the above.
  '--experimental-config-file',
  '--experimental-default-config-file',
];
/** Variables by which Node does the same. */
const REFUSED_VARIABLES = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'NODE_REDIRECT_WARNINGS', 'NODE_V8_COVERAGE'];

const REMEDY = 'which can show memory that holds personal data (law L9); start without it';

/**
 * One sentence for every option or variable by which this Node was told to write dumps, traces or reports, or to let a debugger in
 * (leak row 28). Names them and never a value; spellings with underscores count.
 * @param execArgv the options before the program, as `process.execArgv`
 */
export function diagnosticProblems(execArgv: readonly string[], env: Environment): string[] {
  const words = (env['NODE_OPTIONS'] ?? '').replace(/["\\]/g, '').split(/\s+/);
  const sources = [
    ['Node was started with', execArgv],
    ['NODE_OPTIONS holds', words],
  ] as const;
  const options = sources.flatMap(([where, given]) =>
    given
      .map((word) => word.split('=', 1)[0]!.replaceAll('_', '-'))
      .filter((name) => REFUSED.some((beginning) => name.startsWith(beginning)))
      .map((name) => `${where} ${name}, ${REMEDY}.`),
  );
  const variables = REFUSED_VARIABLES.filter((name) => env[name]).map((name) => `${name} is set, ${REMEDY}.`);
  return [...options, ...variables];
}

/**
 * Shuts what Node leaves ajar (leak row 28): SIGUSR1 opens no debugger, SIGUSR2 writes and ends nothing, no diagnostic report is ever
 * written, and a core dump that the launcher's limit did not prevent holds no memory (Linux). Call it first thing in `main.ts`;
 * start Node with `--disable-sigusr1`, which blocks that signal from the first moment on.
 * @throws SettingsError for every {@link diagnosticProblems}, and when a debugger's port is open already
 */
export function closeDiagnostics(log: EventLog, execArgv: readonly string[], env: Environment): void {
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const)
    process.on(signal, () => log.event('process.signal_ignored', { signal }, 'warn'));
  if (process.report) {
    process.report.reportOnFatalError = false;
    process.report.reportOnSignal = false;
    process.report.reportOnUncaughtException = false;
  }
  keepMemoryOutOfCores();
  const problems = diagnosticProblems(execArgv, env);
  if (problems.length === 0 && inspectorUrl() !== undefined) problems.push(`A debugger's port is open, ${REMEDY}.`);
  if (problems.length > 0) throw new SettingsError(problems);
}

function keepMemoryOutOfCores(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Some sandboxes keep it from us; the limit of the launcher or the stack is the first means, this the second.
  }
}
