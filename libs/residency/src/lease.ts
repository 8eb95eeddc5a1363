import type { QueryRunner } from 'typeorm';
import type { UnitOfWork } from './context.js';
import { breaksConnection, translateDatabaseError } from './database-errors.js';
import { unavailable } from './errors.js';
import type { GuardedClient } from './guarded-pool.js';
import { type Permit, permits } from './permit.js';

/** One checked-out connection of one unit of work, with the permit that lets it speak. Lives inside the door. */
export class Lease {
  constructor(
    readonly permit: Permit,
    readonly unit: UnitOfWork,
    readonly runner: QueryRunner,
    readonly client: GuardedClient,
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
      return await beforeDeadline(
        this.unit,
        permits.run(this.permit, () => work(this)),
      );
    } catch (failure) {
      const error = translateDatabaseError(failure);
      if (breaksConnection(error)) this.permit.poison = error;
      throw error;
    }
  }

  /** Gives the connection back, or destroys it when it is poisoned. */
  async release(): Promise<void> {
    await this.runner.release();
    this.permit.end();
  }
}

/** The promise's outcome, or residency.unavailable once the unit's deadline has passed. */
export async function beforeDeadline<T>(unit: UnitOfWork, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(unavailable('The database of the region did not answer before the deadline.')),
      Math.max(0, unit.deadline - performance.now()),
    );
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
