import type { Logger } from 'typeorm';

/**
 * TypeORM's own words go nowhere: they quote statements, parameters and the server's messages, and some of them are
 * written even where logging is off (migrations, slow queries). What fails is thrown, and told by its code.
 */
export class SilentLogger implements Logger {
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
