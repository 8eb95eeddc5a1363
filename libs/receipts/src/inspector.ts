import {
  type Contexts,
  type Door,
  type Finding,
  isWrongDatabase,
  type Region,
  type ResidencyError,
} from '@domicile/residency';
import { type Clock, type EventLog, isBranded } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

const INTERVAL_MILLISECONDS = 5 * 60 * 1000;
const LOOK_MILLISECONDS_MAX = 5_000;

/** What the last look at a region's database found. */
export interface Inspection {
  readonly at: Date;
  readonly findings: readonly Finding[];
}

/**
 * Looks at every served region's database again and again, each in a unit of work of its own, and keeps what it saw last: receipts
 * state it together with its age. The first look is over before anything is served. A database that is away leaves the last
 * finding standing, which grows old; one that is the wrong one is a finding.
 */
export class Inspector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #last = new Map<string, Inspection>();
  #timer: NodeJS.Timeout | undefined;
  #looks: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly contexts: Contexts,
    private readonly door: Door,
    private readonly clock: Clock,
    private readonly log: EventLog,
    private readonly intervalMilliseconds = INTERVAL_MILLISECONDS,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const look = (): Promise<unknown> =>
      (this.#looks = Promise.all(this.contexts.served.map((region) => this.look(region))));
    this.#timer = setInterval(() => void look(), this.intervalMilliseconds);
    await look();
  }

  /** Resolves when the looks under way are over; the databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looks;
  }

  /** What was found last in that region, however old; undefined before the first finding. */
  last(region: Region): Inspection | undefined {
    return this.#last.get(region.code);
  }

  /** Looks now. Never throws; what does not hold, and a look that could not be had, are logged by code. */
  async look(region: Region): Promise<void> {
    const at = this.clock.now();
    const unit = {
      region,
      actor: { kind: 'job', name: 'inspection' },
      deadlineMilliseconds: LOOK_MILLISECONDS_MAX,
    } as const;
    try {
      const findings = await this.contexts.run(unit, (ctx) => this.door.inspect(ctx, at));
      this.#keep(region, { at, findings });
    } catch (error) {
      // No connection could be proven: that is what there is to say of the database.
      if (isWrongDatabase(error)) this.#keep(region, { at, findings: [refusedFinding(error as ResidencyError, at)] });
      else {
        const code = isBranded(error) ? error.code : 'unknown';
        this.log.event('inspection.failed', { region: region.code, code }, 'warn');
      }
    }
  }

  #keep(region: Region, inspection: Inspection): void {
    this.#last.set(region.code, inspection);
    const broken = inspection.findings.filter(({ holds }) => !holds).map(({ check }) => check);
    if (broken.length > 0)
      this.log.event('inspection.refused', { region: region.code, code: broken.join('.') }, 'error');
  }
}

function refusedFinding({ code }: ResidencyError, measuredAt: Date): Finding {
  return { check: 'marker', holds: false, measuredAt, detail: `every new connection is refused (${code})` };
}
