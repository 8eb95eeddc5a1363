import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds the project's `package.json`, found upwards from this file: so the sources and the build under `dist/`
 * agree, whatever the working directory is. Throws when there is none, which means that the build was moved away alone.
 */
export function projectRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (isProject(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) {
      throw new Error('No package.json named "domicile" lies above the program; keep dist/ inside the project folder.');
    }
  }
}

/** The file of the build that is started as that process; `tools/bundle.mjs` lists them. */
export function builtProgram(path: string): string {
  return join(projectRoot(), 'dist', path);
}

/**
 * The path of the public region file: `DOMICILE_REGIONS_FILE` (made absolute), else `deploy/regions.json` of the project.
 * Apart from {@link apiSettings}, which needs the codes that stand in that file.
 */
export function regionFilePath(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['DOMICILE_REGIONS_FILE'];
  return given === undefined || given === '' ? join(projectRoot(), 'deploy', 'regions.json') : resolve(given);
}

function isProject(file: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof content === 'object' && content !== null && Reflect.get(content, 'name') === 'domicile';
  } catch {
    return false;
  }
}
