import type { Region } from './regions.js';

/**
 * Language of the two functions that checks go by. A session keeps what it has compiled of PL/pgSQL; a function in SQL is parsed and put
 * into its place anew for each check of each statement, which was half of what a row of three ids took to be stored.
 */
export const HOME_LANGUAGE = 'plpgsql';

/** Body of `residency.region()`: a literal, so that nothing can change its answer. */
export function regionBody(region: Region): string {
  return `begin return ${region.number}::smallint; end`;
}

/** Body of `residency.region_of(uuid)`: the ten bits of an id that name its region, see ids.ts. */
export const REGION_OF_BODY =
  'begin return (((get_byte(uuid_send(id), 8) & 63) << 4) | (get_byte(uuid_send(id), 9) >> 4))::smallint; end';
