import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Contexts, Door, KeyDoor, type Region, Regionless } from '@domicile/residency';
import { RegionlessAnswers } from './openapi/answers.js';
import { Health, Readiness } from './health.dto.js';

/** How long one region's database may take to answer before it counts as away. */
const ANSWER_MILLISECONDS = 500;

/** For supervisors. It listens only once every database was opened and proven, so there is no answer for "still booting". */
@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(
    @Inject(Contexts) private readonly contexts: Contexts,
    @Inject(Door) private readonly door: Door,
    @Inject(KeyDoor) private readonly keyDoor: KeyDoor,
  ) {}

  /** The process is alive; no database is asked. */
  @Get('healthz')
  @Regionless()
  @ApiOkResponse({ type: Health })
  @RegionlessAnswers()
  isAlive(): Health {
    return { status: 'ok' };
  }

  /** Which of the served regions' databases answer, rows and keys. 200 even without: a restart would not bring a database back. */
  @Get('readyz')
  @Regionless()
  @ApiOkResponse({ type: Readiness })
  @RegionlessAnswers()
  async isReady(): Promise<Readiness> {
    const states = await Promise.all(
      this.contexts.served.map(async (region) => [region.code, await this.#state(region)] as const),
    );
    return {
      status: states.every(([, state]) => state === 'up') ? 'ready' : 'degraded',
      regions: Object.fromEntries(states),
    };
  }

  async #state(region: Region): Promise<'up' | 'away'> {
    const unit = {
      region,
      actor: { kind: 'job', name: 'readiness' },
      deadlineMilliseconds: ANSWER_MILLISECONDS,
    } as const;
    try {
      await this.contexts.run(unit, (ctx) => Promise.all([this.door.ping(ctx), this.keyDoor.ping(ctx)]));
      return 'up';
    } catch {
      return 'away';
    }
  }
}
