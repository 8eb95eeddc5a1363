import { Door, IdCodec, type Regions, ResidencyError } from '@domicile/residency';
import { RegionDatabase, type RegionDatabaseOptions } from '../../libs/residency/src/region-database.js';
import { regions } from './databases.js';

/** Boots a process over that database as far as its door, and closes it: 'booted', or code and message of the refusal. */
export async function boot(
  options: RegionDatabaseOptions | readonly RegionDatabaseOptions[],
  describe: (error: unknown) => string = complaintOf,
  all: Regions = regions,
): Promise<string> {
  try {
    const door = new Door(
      [options].flat().map((one) => new RegionDatabase(one)),
      new IdCodec(all),
    );
    await door.open();
    await door.close();
    return 'booted';
  } catch (error) {
    return describe(error);
  }
}

export function complaintOf(error: unknown): string {
  return error instanceof ResidencyError ? `${error.code}: ${error.message}` : `not ours: ${String(error)}`;
}
