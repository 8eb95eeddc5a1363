import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Hands over a region file whose origins are below one registrable domain. The development ones are not, for a browser takes every name
 * right below `localhost` for a site of its own. The file is gone when the work is done.
 */
export async function withSameSiteRegions<T>(work: (regionsFile: string) => Promise<T>): Promise<T> {
  const own = readFileSync(join(import.meta.dirname, '../../../deploy/regions.json'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'domicile-regions-'));
  const file = join(folder, 'regions.json');
  writeFileSync(file, own.replaceAll('.localhost:{port}', '.domicile.localhost:{port}'));
  try {
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
