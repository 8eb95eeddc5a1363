import { ApiProperty } from '@nestjs/swagger';

/** The process lives. */
export class Health {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

/** How the databases of the served regions are. */
export class Readiness {
  /** `degraded` while at least one region's database is away: the process still serves the others. */
  @ApiProperty({ enum: ['ready', 'degraded'] })
  status!: 'ready' | 'degraded';

  /** By region code: `up` or `away`. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string', enum: ['up', 'away'] } })
  regions!: Record<string, 'up' | 'away'>;
}
