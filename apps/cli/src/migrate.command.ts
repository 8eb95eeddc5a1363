import { Regions } from '@domicile/residency';
import type { CliSettings } from './cli-settings.js';
import { migrateExternal } from './local/region-setup.js';

/**
 * `domicile migrate`: brings the schema of a region's external key store and database up to date, as their owner.
 * @returns the exit code
 * @throws Error in one sentence when the settings or the marker do not fit the region, or a migration fails
 */
export async function migrate(settings: CliSettings, { region: code }: { region: string }): Promise<number> {
  const regions = Regions.load(settings.regionsFile, settings.port);
  const applied = await migrateExternal(settings, regions, regions.get(code));
  process.stdout.write(
    applied.length === 0
      ? `${code}: schema up to date.\n`
      : applied.map((name) => `${code}: applied ${name}\n`).join(''),
  );
  return 0;
}
