import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A PostgreSQL server of a spec file's own, for what would disturb others on the shared ones. */
export interface OwnServer {
  readonly home: string;
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

interface Launcher {
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
  superuserUrl(database: string): string;
}

/** @param settings of the server, made once its home is there: certificates may be put into it */
export async function ownServer(
  settings: (home: string) => Promise<Record<string, string>> | object = () => ({}),
): Promise<OwnServer> {
  const home = mkdtempSync(join(tmpdir(), 'domicile-own-'));
  const built = join(import.meta.dirname, '../../dist/apps/cli/src/local/embedded-postgres.js');
  const { EmbeddedPostgres } = (await import(pathToFileURL(built).href)) as {
    EmbeddedPostgres: new (options: object) => Launcher;
  };
  const server = new EmbeddedPostgres({ home, name: 'own', settings: { fsync: 'off', ...(await settings(home)) } });
  await server.start();
  return {
    home,
    superuserUrl: server.superuserUrl('postgres'),
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
