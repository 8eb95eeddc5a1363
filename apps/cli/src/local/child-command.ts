/** All that a helper program is told of our environment: where programs are. No setting, no secret. */
export const BARE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** A command line, program first. */
export type Command = readonly [program: string, ...words: string[]];

/** Options of every Node that serves: no signal opens a debugger (leak row 28). */
export const SERVING_NODE: readonly string[] = ['--disable-sigusr1'];

/**
 * The same command, but it leaves no core dump, as memory holds what is kept sealed elsewhere (leak row 28), and the kernel sends it
 * `signal` when this process ends in any way, kill -9 included.
 * The shell between closes the gap before the kernel was asked: orphaned by then, it never starts. It leaves no process behind (exec).
 * Start it from the main thread: the kernel watches the thread that starts it. Off Linux the kernel cannot be asked.
 */
export function diesWithUs(signal: 'INT' | 'TERM', command: Command): Command {
  const noCore = 'ulimit -c 0 &&';
  if (process.platform !== 'linux') return ['sh', '-c', `${noCore} exec "$@"`, 'sh', ...command];
  const guard = `${noCore} [ "$PPID" = "$0" ] && exec "$@"`;
  return ['setpriv', '--pdeathsig', signal, 'sh', '-c', guard, String(process.pid), ...command];
}
