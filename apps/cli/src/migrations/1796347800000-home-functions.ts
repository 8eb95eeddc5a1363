import type { MigrationInterface, QueryRunner } from 'typeorm';

const SIGNATURES = { region: 'residency.region()', regionOf: 'residency.region_of(id uuid)' } as const;
const REGION_OF = '(((get_byte(uuid_send(id), 8) & 63) << 4) | (get_byte(uuid_send(id), 9) >> 4))::smallint';

/**
 * The functions that checks go by, in PL/pgSQL: the same answers, and compiled once a session instead of once a check and statement. The
 * same for rows and key stores; the region is the one that the database says now.
 */
export class HomeFunctions1796347800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await define(runner, 'plpgsql', (answer) => `begin return ${answer}; end`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await define(runner, 'sql', (answer) => `select ${answer}`);
  }
}

async function define(runner: QueryRunner, language: string, body: (answer: string) => string): Promise<void> {
  const [{ number }] = (await runner.query('select residency.region()::int as number')) as [{ number: number }];
  for (const [signature, answer] of [
    [SIGNATURES.region, `${number}::smallint`],
    [SIGNATURES.regionOf, REGION_OF],
  ] as const)
    await runner.query(
      `create or replace function ${signature} returns smallint language ${language} immutable parallel safe as '${body(answer)}'`,
    );
}
