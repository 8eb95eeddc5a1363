import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What the kernel says of a process: its parent, and when it started (clock ticks since boot; tells a re-used pid apart). */
interface ProcessStat {
  readonly parent: number;
  readonly startedAt: string;
}

/** Undefined when there is no such process, or only its unreaped remains: a zombie holds nothing. */
function statOf(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold spaces and parentheses, so fields are counted from the last one.
    const [state, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const startedAt = rest[17];
    if (state === 'Z' || state === 'X' || startedAt === undefined) return undefined;
    return { parent: Number(parent), startedAt };
  } catch {
    return undefined;
  }
}

/** Names a process for as long as the machine is up: `pid start-time`. Undefined when it is not running. */
export function processIdentity(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat && `${pid} ${stat.startedAt}`;
}

/**
 * Every live process of the PostgreSQL server on that data folder: the postmaster first, then its children; empty when none.
 * Found by what the kernel shows (working folder, command line, parent) and never by `postmaster.pid`, whose number may long
 * belong to a stranger.
 */
export function serverProcesses(dataFolder: string): number[] {
  const found = new Set<number>();
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (!stat) continue;
    parents.set(pid, stat.parent);
    if (isPostmaster(pid, dataFolder)) found.add(pid);
  }
  const postmasters = [...found];
  for (const [pid, parent] of parents) if (found.has(parent) || worksIn(pid, dataFolder)) found.add(pid);
  return [...new Set([...postmasters, ...found])];
}

/** Sends a signal to each, in that order; one that has just ended is passed over. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the look and the signal.
    }
  }
}

function isPostmaster(pid: number, dataFolder: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return (
      words[0]?.endsWith('/postgres') === true && words.some((word, i) => word === '-D' && words[i + 1] === dataFolder)
    );
  } catch {
    return false;
  }
}

function worksIn(pid: number, dataFolder: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === dataFolder && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
    );
  } catch {
    return false;
  }
}
