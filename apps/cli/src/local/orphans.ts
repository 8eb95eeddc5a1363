import { setTimeout as sleep } from 'node:timers/promises';
import { serverProcesses, signalAll } from './processes.js';

const PATIENCE_MILLISECONDS = 10_000;

/**
 * Waits until no server of an earlier, killed run uses that data folder. Such a server ends by itself; one that hangs or was frozen
 * is helped along, by force in the end. For the holder of the launcher's lock only: nobody else's server is touched then.
 * @throws Error in one sentence when it outlives even that.
 */
export async function endOrphans(dataFolder: string, givenUp: () => boolean): Promise<void> {
  const began = performance.now();
  for (let left = serverProcesses(dataFolder); left.length > 0 && !givenUp(); left = serverProcesses(dataFolder)) {
    const waited = performance.now() - began;
    if (waited > PATIENCE_MILLISECONDS + 2_000) {
      throw new Error(
        `A PostgreSQL of an earlier run (pid ${left[0]}) still uses ${dataFolder} and does not end; stop it by hand and start again.`,
      );
    }
    if (waited > PATIENCE_MILLISECONDS) signalAll(left, 'SIGKILL');
    else signalAll(left.slice(0, 1), 'SIGINT');
    // A frozen process cannot obey: it is thawed once the signal waits for it.
    signalAll(left, 'SIGCONT');
    await sleep(100);
  }
}
