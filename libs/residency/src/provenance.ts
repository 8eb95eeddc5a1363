import { ResidencyError } from './errors.js';
import type { Region } from './regions.js';

/**
 * Where a loaded row came from. The mark is enumerable, so `{...row, id}` carries it along: a row of one region cannot be
 * written into another under a new id without somebody naming each field (law L4). JSON leaves it out.
 */
const HOME = Symbol('home');

/** Marks a row just read. */
export function markHome<T extends object>(row: T, region: Region): T {
  (row as { [HOME]?: string })[HOME] = region.code;
  return row;
}

/** @throws ResidencyError residency.crossing for values that were read in another region */
export function assertHome(values: object, region: Region): void {
  const home = (values as { [HOME]?: string })[HOME];
  if (home !== undefined && home !== region.code)
    throw new ResidencyError(
      'residency.crossing',
      `A row read in region ${home} was about to be written in region ${region.code}.`,
    );
}
