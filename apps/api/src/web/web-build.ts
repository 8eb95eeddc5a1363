import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResidencyError } from '@domicile/residency';
import { projectRoot } from '@domicile/runtime';

/** Token of the {@link WebBuild}. */
export const WEB_BUILD = Symbol('web build');

/** What the page has to load: paths below the origin, named by their content. */
export interface WebBuild {
  /** Folder of the files that are served below `/assets`. */
  readonly assetsFolder: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** Scripts that are needed at once and that the first one would only ask for later. */
  readonly preloads: readonly string[];
}

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
}

/**
 * The web as it was built into `dist/apps/web`, from Vite's manifest.
 * @throws ResidencyError residency.configuration_invalid when there is none
 */
export function readWebBuild(): WebBuild {
  const folder = join(projectRoot(), 'dist', 'apps', 'web');
  const chunks = manifestOf(join(folder, 'manifest.json'));
  const entry = Object.values(chunks).find(({ isEntry }) => isEntry);
  if (!entry) throw missing();
  return {
    assetsFolder: join(folder, 'assets'),
    script: `/${entry.file}`,
    styles: (entry.css ?? []).map((file) => `/${file}`),
    preloads: (entry.imports ?? []).flatMap((name) => chunks[name]?.file ?? []).map((file) => `/${file}`),
  };
}

function manifestOf(file: string): Readonly<Record<string, Chunk>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Chunk>;
  } catch {
    throw missing();
  }
}

function missing(): ResidencyError {
  return new ResidencyError('residency.configuration_invalid', 'The web was not built; run "npm run build".');
}
