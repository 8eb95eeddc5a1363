import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { eventually } from './http.js';

/** What the kernel shows of a process; undefined, or empty, when it is not there (a zombie counts as gone). */
export function isAlive(pid: number): boolean {
  return stat(pid) !== undefined;
}

/** Process ids of its live children. */
export function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => Number(stat(pid)?.[1]) === parent);
}

/** The only child of an API process, in which passwords are hashed, once it is there. */
export function hashingChildOf(api: number): Promise<number> {
  return eventually('one child of the API', () => {
    const [child, ...more] = childrenOf(api);
    return more.length === 0 && child;
  });
}

/** Lets a process stand still; resolves when it does. SIGCONT thaws it. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await eventually(`process ${pid} to stand still`, () => shownOf(pid).state === 'T');
}

/** Niceness of each of its threads. */
export function nicenessOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => Number(stat(Number(thread), `${pid}/task/${thread}`)![16]));
}

/** `environ` and `cmdline` as they were given to it, and how it stands: `T` when it was stopped. */
export function shownOf(pid: number): {
  readonly environment: string;
  readonly command: string;
  readonly state: string;
} {
  const read = (name: string): string => readFileSync(`/proc/${pid}/${name}`, 'latin1');
  return { environment: read('environ'), command: read('cmdline'), state: stat(pid)?.[0] ?? '' };
}

/** How many TCP sockets it listens on. */
export function listenersOf(pid: number): number {
  const rows = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'latin1').split('\n').slice(1));
  const columns = rows.map((row) => row.trim().split(/\s+/));
  const listening = new Set(columns.filter(([, , , state]) => state === '0A').map((row) => `socket:[${row[9]}]`));
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return listening.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}

/** The fields of `stat` from the state on: the name before it may itself hold spaces and parentheses. */
function stat(pid: number, path = String(pid)): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${path}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields;
  } catch {
    return undefined;
  }
}
