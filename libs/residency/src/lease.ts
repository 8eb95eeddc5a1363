import type { UnitOfWork } from './context.js';
import { breaksConnection, translateDatabaseError } from './database-errors.js';
import { beforeDeadline } from './deadline.js';
import { unavailable } from './errors.js';
import type { HeldClient } from './guarded-pool.js';
import { type Permit, permits } from './permit.js';

/** One checked-out connection of one unit of work, with the permit that lets it speak. Lives inside the door. */
export class Lease {
  constructor(
    readonly permit: Permit,
    readonly unit: UnitOfWork,
    readonly client: HeldClient,
    /** The database that it is a connection to: the region's rows or its keys. */
    readonly database: object,
  ) {}

  /**
   * Runs one piece of database work under the permit and within the unit's deadline. Past it the promise is abandoned
   * and the connection marked for destruction, as its statement may still be in flight.
   * @throws ResidencyError, translated; see database-errors.ts
   */
  async run<T>(work: (lease: Lease) => Promise<T>): Promise<T> {
    if (this.permit.poison) throw unavailable('The connection of this transaction was lost.');
    try {
      // A statement of its own is under its permit already; a transaction's pieces come from outside.
      const begun = permits.getStore() === this.permit ? work(this) : permits.run(this.permit, () => work(this));
      return await beforeDeadline(this.unit.deadline, begun);
    } catch (failure) {
      const error = translateDatabaseError(failure);
      if (breaksConnection(error)) this.permit.poison = error;
      throw error;
    }
  }

  /** Gives the connection back, or destroys it when it is poisoned. */
  release(): void {
    this.client.release();
    this.permit.end();
  }
}
