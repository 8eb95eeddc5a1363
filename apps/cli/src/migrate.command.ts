import { Regions } from '@domicile/residency';
import type { CliSettings } from './cli-settings.js';
import { migrateExternal } from './local/region-setup.js';

/**
 * `domicile migrate`: brings the schema of a region's external database up to date, as its owner.
 * @returns the exit code
 * @throws Error in one sentence when the settings or the marker do not fit the region, or a migration fails
 */
export async function migrate(settings: CliSettings, { region: code }: { region: string }): Promise<number> {
  const region = Regions.load(settings.regionsFile, settings.port).get(code);
  const applied = await migrateExternal(settings, region);
  process.stdout.write(
    applied.length === 0
      ? `${code}: schema up to date.\n`
      : applied.map((name) => `${code}: applied ${name}\n`).join(''),
  );
  return 0;
}
