import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc in microseconds: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MICROSECONDS = 10_000;

/**
 * CPU microseconds that these processes and all their descendants have used so far, the ended ones included (their parents keep
 * their sum once they were waited for).
 */
export function cpuMicroseconds(roots: readonly number[]): number {
  const ticks = [...family(roots)].map((pid) => statOf(pid)?.ticks ?? 0);
  return ticks.reduce((sum, each) => sum + each, 0) * TICK_MICROSECONDS;
}

/** Resident bytes of these processes and all their descendants. */
export function residentBytes(roots: readonly number[]): number {
  let sum = 0;
  for (const pid of family(roots)) {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1];
    sum += Number(kilobytes ?? 0) * 1024;
  }
  return sum;
}

function family(roots: readonly number[]): Set<number> {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: statOf(Number(name))?.parent }));
  const found = new Set(roots);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (parent !== undefined && found.has(parent)) found.add(pid);
  }
  return found;
}

/** proc(5): the name in parentheses may hold anything; fields are counted after it. */
function statOf(pid: number): { parent: number; ticks: number } | undefined {
  const text = readOrEmpty(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [utime = 0, stime = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return { parent: fields[1]!, ticks: utime + stime + childUser + childSystem };
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
