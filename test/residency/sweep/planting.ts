import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { ask } from '../../support/http.js';
import type { Leak } from './sweep.js';
import type { World } from './world.js';

/** The region whose data leaks in every plant, and the one that it must not reach. */
export const HOME = 'eu';
export const AWAY = 'us';

/** One leak that is really made, in the place that its row names. */
export interface Plant {
  /** In the list of leaks. */
  readonly row: number;
  readonly how: string;
  /** Name of the sink that it must be found in. */
  readonly sink: RegExp;
  /** Found by what any copy of the home region's data carries, instead of by a canary of the row's own. */
  readonly isCopy?: boolean;
  readonly put: (world: World, own: Own) => unknown;
}

/** Values of one row's own. */
export interface Own {
  readonly text: () => string;
  readonly word: () => string;
  readonly address: () => string;
  /** Who they belong to. */
  readonly owner: string;
}

export function ownOf({ canaries }: World, row: number): Own {
  const [what, owner] = [`row ${row}`, `owner of row ${row}`];
  return {
    owner,
    text: () => canaries.text(HOME, what, owner),
    word: () => canaries.word(HOME, what),
    address: () => canaries.address(HOME, what, owner),
  };
}

/** True when that leak is this plant, found where it was put. */
export function isOf({ row, sink, isCopy }: Plant, leak: Leak): boolean {
  return sink.test(leak.sink.name) && (isCopy === true ? leak.mark.region === HOME : leak.mark.what === `row ${row}`);
}

/** SQL as superuser among the rows of a region. */
export function sql(
  { installation }: World,
  code: string,
  text: string,
  values?: unknown[],
): Promise<Record<string, unknown>[]> {
  return installation.site(code).database.sql('superuser', text, values);
}

/** A table of its own, `row_<n>`, with one value. */
export async function intoTable(world: World, code: string, row: number, value: string | Buffer): Promise<void> {
  await sql(world, code, `create table row_${row} (value ${typeof value === 'string' ? 'text' : 'bytea'})`);
  await sql(world, code, `insert into row_${row} values ($1)`, [value]);
}

/** A statement of which the server shows the text as long as its session is there. */
export async function inActivity(
  { installation, recorder }: World,
  text: string,
  values: readonly string[] = [],
): Promise<void> {
  const client = new pg.Client({ connectionString: installation.site(HOME).database.superuserUrl });
  await client.connect();
  try {
    await client.query(text, values.length > 0 ? [...values] : undefined);
    await recorder.activity(installation, 'planted');
  } finally {
    await client.end();
  }
}

/** A file below the installation's folder. */
export function intoFile({ installation }: World, path: string, bytes: string | Buffer, mode = 0o600): void {
  const file = join(installation.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes, { mode });
}

/** What a process of its own says and leaves behind: it runs that script in the temporary folder with the value in its environment. */
export async function runs(world: World, row: number, script: string, value: string): Promise<void> {
  const child = spawn(process.execPath, ['-e', script], { cwd: world.temporary, env: { VALUE: value } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  world.recorder.output(`output of row ${row}`, said, [HOME]);
}

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;

/** What a server of its own answers at a region's origin. @param body what is sent to it */
export async function answers(
  world: World,
  row: number,
  code: string,
  handler: Handler,
  body = '',
  owner?: string,
): Promise<void> {
  const server = createServer((request, response) => {
    let sent = '';
    request.on('data', (piece: Buffer) => (sent += piece.toString()));
    request.on('end', () => handler(request, sent, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await ask({ port, path: '/', method: 'POST', body: Buffer.from(body) });
    await world.recorder.as(owner, async () => world.recorder.answer(code, answer, `answer of row ${row}`));
  } finally {
    server.close();
  }
}
