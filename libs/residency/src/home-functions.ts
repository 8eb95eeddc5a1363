import type { Region } from './regions.js';

/** Body of `residency.region()`: a literal, so that checks by it cost nothing and nothing can change its answer. */
export function regionBody(region: Region): string {
  return `select ${region.number}::smallint`;
}

/** Body of `residency.region_of(uuid)`: the ten bits of an id that name its region, see ids.ts. */
export const REGION_OF_BODY =
  'select (((get_byte(uuid_send(id), 8) & 63) << 4) | (get_byte(uuid_send(id), 9) >> 4))::smallint';
