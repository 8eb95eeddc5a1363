import type { Contexts } from '@domicile/residency';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Retention } from './retention.js';

const LOOK_MILLISECONDS = 60_000;

/** Has {@link Retention} look at every served region at the start and once a minute; a region that is away has its turn a minute later. */
export class RetentionClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #looks: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly contexts: Contexts,
    private readonly retention: Retention,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void =>
      void (this.#looks = Promise.all(this.contexts.served.map((region) => this.retention.look(region))));
    this.#timer = setInterval(look, LOOK_MILLISECONDS);
    look();
  }

  /** Resolves when the looks under way are over; the databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looks;
  }
}
