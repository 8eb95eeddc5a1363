import { AsyncLocalStorage } from 'node:async_hooks';
import type { UnitOfWork } from './context.js';
import type { Region } from './regions.js';

/**
 * The door's leave to use one connection, for one unit of work. Only the door issues permits; the guarded pool hands
 * out a client to the holder of a live one and to nobody else. `boot` permits are for the checks before serving.
 */
export class Permit {
  live = true;
  /** A permit is good for one check-out (boot: several, one after another). */
  #spent = false;
  /** Set when the connection's state is unknown (a deadline passed): it is then destroyed instead of pooled again. */
  poison: Error | undefined;

  constructor(
    readonly region: Region,
    readonly unit: UnitOfWork | 'boot',
    readonly transaction: boolean,
  ) {}

  /** True the first time. */
  spend(): boolean {
    const fresh = !this.#spent;
    this.#spent = this.unit !== 'boot';
    return fresh;
  }

  /** Called when a connection goes back: nothing can be done with it afterwards. Boot ends with its last check. */
  end(): void {
    if (this.unit !== 'boot') this.live = false;
  }

  /** Ends a boot permit: sockets and handlers made under it remember it for as long as they live. */
  retire(): void {
    this.live = false;
  }
}

/** Which permit the running code holds. Set by the door around its own calls only, so code of others never holds one. */
export const permits = new AsyncLocalStorage<Permit>();
