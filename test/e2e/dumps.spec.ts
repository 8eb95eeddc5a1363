import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { diesWithUs, SERVING_NODE } from '../../apps/cli/src/local/child-command.js';
import { freeLoopbackPort } from '../../apps/cli/src/local/ports.js';
import { serverProcesses } from '../../apps/cli/src/local/processes.js';
import { PROCESS_KINDS, type ProcessKind } from '../support/api.js';
import { ask, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { ownServer } from '../support/own-server.js';

/** This process may leave a core of any size while these tests run, and so may every child that is not kept from it. */
const coreLimit = (pid: number | 'self'): string[] =>
  /^Max core file size +(\S+) +(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))!.slice(1);
const setCoreLimit = (soft: string): void =>
  void execFileSync('prlimit', ['--pid', String(process.pid), `--core=${soft}:`]);

/** Of a worker that has nothing to mail. */
const RELAYS = { DOMICILE_EU_SMTP_URL: 'smtp://127.0.0.1:9', DOMICILE_US_SMTP_URL: 'smtp://127.0.0.1:10' };

describe('a process leaves nothing of its memory behind (leak row 28)', () => {
  const [before = '0', hard = '0'] = coreLimit('self');
  let installation: Installation;
  let folder: string;
  let children: ChildProcess[] = [];

  beforeAll(async () => {
    setCoreLimit(hard);
    installation = await Installation.create();
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(async () => {
    setCoreLimit(before);
    await installation.close();
  });

  /** As the launcher starts it, in a folder of its own. */
  async function started(
    words: readonly string[] = SERVING_NODE,
    env: Record<string, string> = {},
    kind: ProcessKind = PROCESS_KINDS.api,
  ): Promise<{ child: ChildProcess; port: number; written: () => string; ended: Promise<number | string | null> }> {
    folder = mkdtempSync(join(tmpdir(), 'domicile-dumps-'));
    const port = await freeLoopbackPort();
    const environment = {
      ...installation.environment({ served: ['eu', 'us'], ports: { eu: port, us: port } }),
      ...env,
    };
    const [program, ...rest] = diesWithUs('TERM', [process.execPath, ...words, kind.main]);
    const child = spawn(program, rest, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let written = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (written += String(chunk)));
    const ended = new Promise<number | string | null>((resolve) =>
      child.once('close', (code, signal) => resolve(signal ?? code)),
    );
    return { child, port, written: () => written, ended };
  }
  const alive = async (port: number): Promise<boolean> => (await ask({ port, path: '/healthz' })).status === 200;
  const listening = (port: number) => eventually('the API', () => alive(port).catch(() => false));

  it.each([
    ['as the launcher starts it', SERVING_NODE, ['SIGUSR2']],
    ['as somebody else does', [], ['SIGUSR1', 'SIGUSR2']],
  ])('in answer to signals, %s: no debugger, no report, no snapshot, no core', async (_name, words, said) => {
    const { child, port, written, ended } = await started(words);
    await listening(port);
    child.kill('SIGUSR1');
    child.kill('SIGUSR2');
    for (const signal of said)
      await eventually(`a word on ${signal}`, () => written().includes(`"signal":"${signal}"`));
    expect(await alive(port)).toBe(true);
    expect(listeningPortsOf(child.pid!)).toEqual([port]);
    expect(coreLimit(child.pid!)).toEqual(['0', '0']);
    expect(readFileSync(`/proc/${child.pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');
    child.kill('SIGSEGV');
    expect(await ended).toBe('SIGSEGV');
    expect(readdirSync(folder)).toEqual([]);
    expect(written()).not.toMatch(/Debugger listening|Writing Node/);
  });

  it('nor does a worker, as the launcher starts it', async () => {
    const { child, written, ended } = await started(SERVING_NODE, RELAYS, PROCESS_KINDS.worker);
    await eventually('the worker', () => written().includes('"event":"worker.ready"'));
    child.kill('SIGUSR1');
    child.kill('SIGUSR2');
    await eventually('a word on SIGUSR2', () => written().includes('"signal":"SIGUSR2"'));
    expect(listeningPortsOf(child.pid!)).toEqual([]);
    expect(coreLimit(child.pid!)).toEqual(['0', '0']);
    expect(readFileSync(`/proc/${child.pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');
    child.kill('SIGSEGV');
    expect(await ended).toBe('SIGSEGV');
    expect(readdirSync(folder)).toEqual([]);
    expect(written()).not.toMatch(/Debugger listening|Writing Node/);
  });

  it.each<[string, string[], Record<string, string>]>([
    ['--inspect', ['--inspect=0'], {}],
    ['--heapsnapshot-signal', ['--heapsnapshot-signal=SIGUSR2'], {}],
    ['--report-on-signal', [], { NODE_OPTIONS: '--report-on-signal' }],
    ['NODE_DEBUG', [], { NODE_DEBUG: 'http' }],
  ])('and is not started with %s, in one sentence', async (name, words, env) => {
    const { written, ended } = await started(words, env);
    expect(await ended).toBe(1);
    const sentences = written()
      .split('\n')
      .filter((line) => line.startsWith('- '));
    expect(sentences).toEqual([expect.stringMatching(new RegExp(`${name}(?: is set)?, which can show memory`))]);
    expect(written()).not.toContain('api.listening');
  });

  it('which are what an unguarded Node would leave', async () => {
    folder = mkdtempSync(join(tmpdir(), 'domicile-dumps-'));
    const script = "process.stdout.write('up'); setInterval(() => undefined, 1000);";
    const child = spawn(process.execPath, ['--report-on-signal', '--eval', script], { cwd: folder, env: {} });
    children.push(child);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGUSR2');
    await eventually('a report', () => readdirSync(folder).length === 1);
    child.kill('SIGUSR1');
    await eventually(
      'a debugger',
      () => errors.includes('Debugger listening') || errors.includes('address already in use'),
    );
    expect(coreLimit(child.pid!)).toEqual([hard, hard]);
  });

  it('and no process of an embedded server may leave a core', async () => {
    folder = mkdtempSync(join(tmpdir(), 'domicile-dumps-'));
    const server = await ownServer();
    try {
      // One that has ended since, as that of a connection, has no limits any more.
      const limits = serverProcesses(join(server.home, 'postgres')).flatMap((pid) => {
        try {
          return [coreLimit(pid)];
        } catch {
          return [];
        }
      });
      expect(limits.length).toBeGreaterThan(3);
      for (const each of limits) expect(each).toEqual(['0', '0']);
    } finally {
      await server.stop();
    }
  });
});

/** Ports on which a process listens, from what the kernel shows. */
function listeningPortsOf(pid: number): number[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]];
      } catch {
        return [];
      }
    }),
  );
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTEN && own.has(inode))
      .map(([, local]) => parseInt(local!.split(':')[1]!, 16)),
  );
}
