import { constants, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RegionContext } from '@domicile/residency';
import type { EventLog } from '@domicile/runtime';
import { HashingProcess, startHashingChild } from '../../libs/accounts/src/password/hashing-process.js';
import { normalisePassword, PasswordHasher } from '../../libs/accounts/src/password.js';
import { eventually } from '../support/http.js';
import { isAlive, listenersOf, nicenessOf, shownOf } from '../support/linux-process.js';

const CHILD = join(import.meta.dirname, '../../dist/libs/accounts/src/password/child.js');
const PASSWORD = 'correct horse battery staple';
const UNAVAILABLE = { code: 'server.unavailable' };
const within = (remainingMilliseconds: number): RegionContext => ({ remainingMilliseconds }) as RegionContext;

let running: HashingProcess | undefined;
let events: unknown[] = [];
afterEach(async () => {
  await running?.stop();
  events = [];
});

/** The built child under the parent's source, as the API runs it. */
function processOf(file = CHILD, hungMilliseconds?: number): HashingProcess {
  const log: EventLog = { event: (name, fields) => void events.push([name, fields]), dropped: 0 };
  const options = { log, startChild: startHashingChild(file) };
  running = new HashingProcess(hungMilliseconds === undefined ? options : { ...options, hungMilliseconds });
  return running;
}

/** Stops the child in its tracks, as an overloaded machine would, so that what is asked of it stays under way. */
async function pause(hashing: HashingProcess): Promise<number> {
  await hashing.isKnown(PASSWORD);
  const pid = hashing.pid!;
  process.kill(pid, 'SIGSTOP');
  await eventually('a child that stands still', () => shownOf(pid).state === 'T');
  return pid;
}

/**
 * Where this process may, it has an ordinary priority for that while: a check runs at the child's own, and what the child does about its
 * priority could not be told from what it inherits.
 */
async function atOrdinaryPriority<T>(work: () => Promise<T>): Promise<T> {
  const before = getPriority();
  try {
    setPriority(constants.priority.PRIORITY_NORMAL);
  } catch {
    // Who is not root may not go up again.
  }
  try {
    return await work();
  } finally {
    setPriority(before);
  }
}

describe('the hashing process', () => {
  it('hashes, compares and knows, one child for all', async () => {
    const hashing = processOf();
    const phcs = await Promise.all([hashing.hash(PASSWORD), hashing.hash(PASSWORD)]);
    expect(phcs[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(phcs[0]).not.toBe(phcs[1]);
    expect(await Promise.all(phcs.map((phc) => hashing.verify(PASSWORD, phc)))).toEqual([true, true]);
    expect(await hashing.verify(`${PASSWORD} `, phcs[0])).toBe(false);
    expect(await hashing.isKnown('MailCreated5240')).toBe(true);
    expect(await hashing.isKnown(PASSWORD)).toBe(false);
    expect(events).toEqual([]);
  });

  it('takes every password that has a normal form through the channel unharmed', async () => {
    const hasher = new PasswordHasher(processOf());
    const typed = [
      'Ångström “ﬁ” \u2028\u2029\u0001\\"',
      '😀'.repeat(1024),
      'é'.repeat(15),
      '{"id":1,"verb":"isKnown"}',
    ];
    for (const text of typed) {
      const phc = await hasher.phc(within(10_000), normalisePassword(text)!, () => Promise.resolve());
      const otherwise = normalisePassword(text.normalize('NFKD'))!;
      expect(await hasher.verify(within(10_000), otherwise, phc)).toBe(true);
      expect(await hasher.verify(within(10_000), `${otherwise}.`, phc)).toBe(false);
    }
  });

  it('gives way to others with every thread, listens nowhere, and is told nothing but jobs', async () => {
    const [hashing, phc] = await atOrdinaryPriority(async () => {
      const started = processOf();
      return [started, await started.hash(PASSWORD)] as const;
    });
    const { environment, command } = shownOf(hashing.pid!);
    expect(environment.split('\0').filter((pair) => !/^NODE_CHANNEL_\w+=|^$/.test(pair))).toEqual([
      'UV_THREADPOOL_SIZE=2',
      'MIMALLOC_PURGE_DELAY=1000',
    ]);
    expect(command).toBe([process.execPath, '--disable-sigusr1', CHILD, ''].join('\0'));
    expect(new Set(nicenessOf(hashing.pid!))).toEqual(new Set([10]));
    // The first would open an inspector, the others end it while its parent still needs it.
    for (const signal of ['SIGUSR1', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(hashing.pid!, signal);
    expect(await hashing.verify(PASSWORD, phc)).toBe(true);
    expect(listenersOf(hashing.pid!)).toBe(0);
    expect(events).toEqual([]);
  });

  it('that is killed in the middle fails what was under way at once, and is there again for the next', async () => {
    const hashing = processOf();
    const pid = await pause(hashing);
    const under = [hashing.hash(PASSWORD), hashing.isKnown(PASSWORD)].map((job) => job.catch((error: object) => error));
    process.kill(pid, 'SIGKILL');
    for (const outcome of await Promise.all(under)) expect(outcome).toMatchObject(UNAVAILABLE);
    expect(await hashing.hash(PASSWORD)).toMatch(/^\$argon2id/);
    expect(hashing.pid).not.toBe(pid);
    await eventually('a word about it', () => events.length === 1);
    expect(events).toEqual([['hashing.ended', { code: undefined, signal: 'SIGKILL' }]]);
  });

  it('that is killed lets those who wait go on', async () => {
    const hashing = processOf();
    const hasher = new PasswordHasher(hashing);
    const pid = await pause(hashing);
    const all = Array.from({ length: 10 }, () => hasher.phc(within(20_000), PASSWORD, () => Promise.resolve()));
    const settled = Promise.allSettled(all);
    process.kill(pid, 'SIGKILL');
    const statuses = (await settled).map(({ status }) => status);
    expect(statuses).toEqual([...Array<string>(2).fill('rejected'), ...Array<string>(8).fill('fulfilled')]);
  });

  it('that hangs is replaced, and its callers are answered at their own deadlines before', async () => {
    const hashing = processOf(CHILD, 6_000);
    const hasher = new PasswordHasher(hashing);
    const pid = await pause(hashing);
    const impatient = hasher.verify(within(20), PASSWORD, null);
    const patient = hasher.verify(within(20_000), PASSWORD, null);
    await expect(impatient).rejects.toMatchObject(UNAVAILABLE);
    expect(isAlive(pid)).toBe(true);
    await expect(patient).rejects.toMatchObject(UNAVAILABLE);
    expect(await hasher.verify(within(20_000), PASSWORD, null)).toBe(false);
    await eventually('the end of the one that hung', () => !isAlive(pid));
  });

  it('calls a stored hash that cannot be read a fault, not a wrong password, and goes on', async () => {
    const hashing = processOf();
    const fault: unknown = await hashing.verify(PASSWORD, '$argon2id$nonsense').catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Error);
    expect(fault).not.toHaveProperty('code');
    expect((fault as Error).message).not.toContain(PASSWORD);
    const { pid } = hashing;
    expect(await hashing.hash(PASSWORD)).toMatch(/^\$argon2id/);
    expect(hashing.pid).toBe(pid);
  });

  it('that cannot start fails each job, and is tried again', async () => {
    const hashing = processOf(join(import.meta.dirname, 'nowhere.js'));
    await expect(hashing.hash(PASSWORD)).rejects.toMatchObject(UNAVAILABLE);
    await expect(hashing.isKnown(PASSWORD)).rejects.toMatchObject(UNAVAILABLE);
    await eventually('a word about each', () => events.length === 2);
    expect(events[0]).toEqual(['hashing.ended', { code: '1', signal: undefined }]);
  });

  it('answers a hundred who compare at once: two at a time, 64 in line, the rest told to come again', async () => {
    const hashing = processOf();
    const hasher = new PasswordHasher(hashing);
    const phc = await hashing.hash(PASSWORD);
    const asked = Array.from({ length: 100 }, (_, i) =>
      hasher.verify(within(60_000), i % 2 ? PASSWORD : `${PASSWORD}!`, i % 5 ? phc : null),
    );
    const outcomes = await Promise.allSettled(asked);
    const expected = outcomes.map((_, i) =>
      i < 66 ? { status: 'fulfilled', value: i % 2 === 1 && i % 5 !== 0 } : { status: 'rejected' },
    );
    expect(outcomes).toMatchObject(expected);
    for (const outcome of outcomes.slice(66))
      expect((outcome as PromiseRejectedResult).reason).toMatchObject(UNAVAILABLE);
    expect(await hasher.verify(within(10_000), PASSWORD, phc)).toBe(true);
  });

  it('is gone when it is stopped, and is not started again', async () => {
    const hashing = processOf();
    const pid = await pause(hashing);
    const under = hashing.hash(PASSWORD).catch((error: object) => error);
    await hashing.stop();
    expect(await under).toMatchObject(UNAVAILABLE);
    expect(isAlive(pid)).toBe(false);
    await expect(hashing.hash(PASSWORD)).rejects.toMatchObject(UNAVAILABLE);
    expect(events).toEqual([]);
    await hashing.stop();
  });
});
