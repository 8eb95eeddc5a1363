import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { query } from '../../support/databases.js';
import type { Installation } from '../../support/installation.js';
import type { OwnServer } from '../../support/own-server.js';
import { filesBelow, filesIn } from './files.js';
import type { Sink } from './rules.js';

/** Where the files of a sweep lie, and since when. */
export interface Places {
  readonly installation: Installation;
  /** By region code; `<code>-keys` for that of the key store. */
  readonly servers: Readonly<Record<string, OwnServer>>;
  /** Temporary folder of the processes. */
  readonly temporary: string;
  /** Folders in which others work as well: only files that are new in them are looked at, not what lies below. */
  readonly shared: readonly string[];
  readonly since: Date;
}

const TABLES = `select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema') order by 1`;

/** Everything that stands on disk or in a table now. Servers are asked to write all of it down first. */
export async function standing(places: Places): Promise<Sink[]> {
  const { installation, servers } = places;
  const dumps = await Promise.all(installation.codes.map((code) => dumpsOf(installation, code)));
  return [
    ...dumps.flat(),
    ...Object.entries(servers).flatMap(([name, { home }]) => serverFiles(name, home)),
    ...installationFiles(installation),
    ...filesBelow(places.temporary).map((path) => file('temporary folder', places.temporary, path, [])),
    ...places.shared.flatMap((folder) => newFilesIn(folder, places.since)),
  ];
}

/** Every row of every table as text, a sink a table: what an operator's dump shows. */
async function dumpsOf(installation: Installation, code: string): Promise<Sink[]> {
  const { database, keyStore } = installation.site(code);
  const sinks: Sink[] = [];
  for (const [kind, { superuserUrl }] of [
    ['rest', database],
    ['key store', keyStore],
  ] as const) {
    await query(superuserUrl, 'checkpoint');
    for (const { name } of await query(superuserUrl, TABLES)) {
      const rows = await query(superuserUrl, `select to_jsonb(t)::text as row from ${String(name)} t`);
      const bytes = Buffer.from(rows.map(({ row }) => String(row)).join('\n'));
      sinks.push({
        name: `${kind === 'rest' ? 'dump' : 'key dump'} of ${code} ${String(name)}`,
        kind,
        regions: [code],
        bytes,
      });
    }
  }
  return sinks;
}

/** Data files, WAL, logs and key folders of one server. */
function serverFiles(name: string, home: string): Sink[] {
  const [code = name, purpose] = name.split('-');
  return filesBelow(home).map((path) => {
    const isKey = /^(test-)?keys\//.test(relative(home, path));
    const kind = isKey ? 'keys' : purpose === 'keys' ? 'key store' : 'rest';
    return { ...file(`server ${name}`, home, path, [code]), kind };
  });
}

/** The folder of each region, and what lies beside them and so belongs to none. */
function installationFiles({ folder, codes }: Installation): Sink[] {
  return filesBelow(folder).map((path) => {
    const [code = '', room] = relative(folder, path).split('/');
    if (!codes.includes(code)) return file('installation', folder, path, []);
    const kind = room === 'keys' ? 'keys' : room === 'mail' ? 'mail' : 'rest';
    return { ...file('installation', folder, path, [code]), kind };
  });
}

/** Ours alone: what other users drop there is neither ours to read nor could it be ours. */
function newFilesIn(folder: string, since: Date): Sink[] {
  return filesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat !== undefined && stat.mtime >= since && stat.uid === process.getuid?.();
    })
    .map((path) => file('shared folder', folder, path, []));
}

function file(what: string, folder: string, path: string, regions: readonly string[]): Sink {
  const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  return { name: `${what} ${relative(folder, path)}`, kind: 'rest', regions, bytes: path, mode };
}
