import { Regions } from '@domicile/residency';
import type { CliSettings } from './cli-settings.js';
import { initExternal } from './local/region-setup.js';

/**
 * `domicile init`: seals an empty external database for a region, once, after a person named the database in full.
 * @returns the exit code
 * @throws Error in one sentence when the confirmation, the settings or the database are not what they should be
 */
export async function init(
  settings: CliSettings,
  { region: code, confirm, keys = false }: { region: string; confirm: string; keys?: boolean },
): Promise<number> {
  const region = Regions.load(settings.regionsFile, settings.port).get(code);
  const created = await initExternal(settings, region, keys ? 'keys' : 'rows', confirm);
  const what = `${created ? 'is now' : 'was already'} sealed ${keys ? 'as the key store of' : 'for'}`;
  process.stdout.write(
    `${confirm} ${what} ${region.name} (stack ${settings.stack}, environment ${settings.environment}).\n`,
  );
  return 0;
}
