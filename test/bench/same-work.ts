import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { ask } from '../support/http.js';
import type { Contestant } from './contestant.js';
import { idText, inhabitant } from './population.js';

/**
 * The references do the same work as the product, or the figures say nothing: what an answer holds and which rows a request leaves is
 * compared before anything is measured, so that the references grow with the product. Reads, confirmations and sign-ins are, which the
 * references serve; rows that a request only changes are not seen.
 */

/** Of an answer: what names the region, which the references do not have. */
const REGIONAL = new Set(['x-hosting-region', 'hostingRegion']);
/** Counts for an hour that many requests share: how many rows they are depends on the time of day. */
const SHARED = new Set(['rate_count']);

/** @param all ours first, each filled @throws Error unless a read of an account is answered alike: the same headers, the same members */
export async function assertSameAnswers(all: readonly Contestant[]): Promise<void> {
  const parts = await Promise.all(
    all.map(async ({ port, host, flavour }) => {
      const { accountId, token } = inhabitant(flavour, 0);
      const path = `/v1/accounts/${idText(flavour, 'acct', accountId)}`;
      const answer = await ask({ port, path, headers: { host, authorization: `Bearer ${token}` } });
      return [...Object.keys(answer.headers), ...Object.keys(answer.json())]
        .filter((name) => !REGIONAL.has(name))
        .sort();
    }),
  );
  assertAlike('answers a read with', all, parts);
}

/**
 * Has each contestant serve some requests.
 * @param all ours first @param serve prepares the requests of one, and returns what sends them
 * @throws Error unless they leave the same rows, by table, after as many requests
 */
export async function assertSameRows(
  all: readonly Contestant[],
  serve: (contestant: Contestant) => Promise<() => Promise<unknown>>,
): Promise<void> {
  const left: (readonly (readonly [table: string, rows: number])[])[] = [];
  for (const each of all) {
    const requests = await serve(each);
    const before = await rows(each);
    await requests();
    const grown = [...(await rows(each))].map(([table, count]) => [table, count - before.get(table)!] as const);
    left.push(grown.filter(([table, count]) => count !== 0 && !SHARED.has(table)).sort());
  }
  assertAlike('leaves', all, left);
}

async function rows({ superuserUrl }: Contestant): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select relname as name from pg_stat_user_tables where schemaname = 'public'`,
    );
    const counts = tables.rows.map(({ name }) => `select '${name}' as name, count(*)::int as count from ${name}`);
    const { rows: all } = await client.query<{ name: string; count: number }>(counts.join(' union all '));
    return new Map(all.map(({ name, count }) => [name, count]));
  } finally {
    await client.end();
  }
}

function assertAlike(does: string, all: readonly Contestant[], [ours, ...others]: readonly unknown[]): void {
  for (const [i, theirs] of others.entries())
    if (!isDeepStrictEqual(ours, theirs))
      throw new Error(
        `${all[i + 1]!.name} ${does} ${JSON.stringify(theirs)}, and ${all[0]!.name} ${JSON.stringify(ours)}: bring the reference up to date.`,
      );
}
