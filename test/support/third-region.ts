import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../deploy/regions.json');

/** One row more in the public file: nothing else makes a region. */
export const SWITZERLAND = {
  code: 'ch',
  number: 3,
  name: 'Switzerland',
  jurisdiction: 'Swiss law (FADP)',
  countries: ['CH'],
  origins: { customer: 'http://ch.localhost:{port}', staff: 'http://staff.ch.localhost:{port}' },
  owner: { name: 'Domicile Switzerland', country: 'CH' },
  dataCentres: 'Zürich',
  accent: '#b91c1c',
};

/** The public region file with that row at its end. */
export function threeRegions(): { regions: object[] } {
  const { regions } = JSON.parse(readFileSync(FILE, 'utf8')) as { regions: object[] };
  return { regions: [...regions, SWITZERLAND] };
}
