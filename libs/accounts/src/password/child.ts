import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Done } from '@domicile/runtime';
import { hashArgon2id, verifyArgon2id } from './argon2id.js';
import { BreachedList } from './breached-list.js';
import { isKnown } from './known.js';
import type { Job, PasswordWork } from './work.js';

/**
 * The hashing process: started by `HashingProcess`, told what to do by messages, ended by the end of its parent. It opens no socket
 * and no file but the list and its index, knows no setting, and writes nothing anywhere.
 */
const NICENESS = 10;

/** Every thread that there is by now (Linux counts priority by thread); later ones inherit it. */
function lowerPriority(): void {
  let threads = [0];
  try {
    threads = readdirSync('/proc/self/task').map(Number);
  } catch {
    // Elsewhere it goes by process.
  }
  for (const thread of threads) {
    try {
      setPriority(thread, NICENESS);
    } catch {
      // Refused, or the thread is gone: the work is the same, only less polite.
    }
  }
}

let breached: BreachedList | undefined;
/** When it cannot be read, hashes go on, and each look-up is a fault. */
const list = (): BreachedList => (breached ??= BreachedList.open(join(import.meta.dirname, 'breached.index')));

const work: PasswordWork = {
  hash: hashArgon2id,
  verify: verifyArgon2id,
  isKnown: (password) => Promise.resolve(isKnown(password, list())),
};

async function carryOut({ id, verb, words: [first = '', second = ''] }: Job): Promise<Done> {
  try {
    return { id, value: await work[verb](first, second) };
  } catch {
    return { id, fault: true };
  }
}

lowerPriority();
// A signal to the whole group is for the parent to answer: what it finishes before it ends may still need a hash.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (job: Job) => void carryOut(job).then((done) => process.connected && process.send!(done)));
