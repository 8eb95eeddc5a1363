import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT_PROFILE, PERSON_PROFILE } from '@domicile/accounts';
import type { Api } from '../support/api.js';
import { serverOf } from '../support/databases.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { inLetters } from '../support/names.js';

const REGIONS = ['eu', 'us'] as const;

/** A word that is nowhere else, for each field that a person types, per region. */
const word = (): string => `c${inLetters(randomBytes(9).toString('hex'))}`;

/** How a value may look where it leaked. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    value.toUpperCase(),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=*$/, '').slice(0, -1),
    encodeURIComponent(value),
  ];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe('what a person types', () => {
  let installation: Installation;
  let api: Api;
  const canaries: Record<string, string[]> = { eu: [], us: [] };
  const refusals: Answer[] = [];

  /** A whole journey with every kind of failure on the way. */
  async function travel(code: 'eu' | 'us'): Promise<void> {
    const [local, accountName, displayName, password] = [word(), word(), word(), `${word()}${word()}`];
    canaries[code] = [local, accountName, displayName, password];
    const other = code === 'eu' ? 'us' : 'eu';
    const typed = { email: `${local}@example.org`, accountName, displayName };
    const { id } = await api.pending(code, typed);
    // Waited for: a mail of a signup that is confirmed already is not sent any more.
    const digits = await installation.mailedDigits(code, id);
    const wrong = digits === '00000000' ? '00000001' : '00000000';
    refusals.push(
      await api.signUp(code, { ...typed, [accountName]: 1 }),
      await api.signUp(code, { ...typed, email: `"${local}\r\nBcc: x"@example.org` }),
      await api.signUp(code, { ...typed, displayName: `${displayName}\u202e` }),
      await api.ask(other, `/v1/regions/${code}/signups`, { json: typed }),
      await api.ask(code, `/v1/regions/${code}/signups`, {
        body: Buffer.from(`{"email":"${local}@example.org",}`),
        headers: { 'content-type': 'application/json' },
      }),
      await api.ask(code, `/v1/regions/${code}/signups?email=${local}@example.org`, { json: typed }),
      await api.ask(code, `/v1/${local}`),
      await api.confirm(code, id, wrong, password),
      await api.confirm(code, id, digits, password.slice(0, 14)),
      await api.ask(code, '/v1/me', { token: password }),
    );
    const confirmed = await api.confirm(code, id, digits, password);
    expect(confirmed.status).toBe(201);
    const { session } = confirmed.json<{ session: { token: string } }>();
    canaries[code].push(session.token, digits);
    const again = await api.pending(code, typed);
    refusals.push(
      await api.confirm(code, again.id, await installation.mailedDigits(code, again.id), password),
      await api.confirm(code, id, digits, password),
      await api.ask(other, '/v1/me', { token: session.token }),
    );
    await installation.drained(code);
  }

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start();
    await api.startWorkers();
    for (const code of REGIONS) await travel(code);
    await api.stop('SIGTERM');
  });
  afterAll(() => installation.close());

  const found = (text: string): string[] =>
    REGIONS.flatMap((code) =>
      canaries[code]!.filter((canary) => spellings(canary).some((spelling) => text.includes(spelling))),
    );

  it('is refused where it must be', () => {
    expect(refusals.map(({ status }) => status)).toEqual(
      REGIONS.flatMap(() => [422, 422, 422, 421, 400, 400, 404, 422, 422, 401, 409, 409, 421]),
    );
  });

  it('stands in no refusal', () => {
    for (const { text, headers, status } of refusals)
      expect([status, found(text + JSON.stringify(headers))]).toEqual([status, []]);
  });

  it('stands in no line that a process wrote', () => {
    expect(installation.written).toContain('"event":"api.listening"');
    expect(found(installation.written)).toEqual([]);
  });

  it.each(REGIONS)('stands in no log of the servers of %s', (code) => {
    for (const purpose of ['rows', 'keys'] as const) {
      const log = readFileSync(join(serverOf(api.regions.get(code), purpose).home, 'postgres.log'), 'utf8');
      expect(log.length).toBeGreaterThan(0);
      expect(found(log)).toEqual([]);
    }
  });

  it.each(REGIONS)('stands in clear in no table of %s, neither among its rows nor among its keys', async (code) => {
    for (const rows of [await installation.dump(code), await installation.dumpKeys(code)]) {
      expect(rows.length).toBeGreaterThan(0);
      expect(found(rows)).toEqual([]);
    }
  });

  it('is mailed in its own region only, and stands in no other file', () => {
    const seen = filesBelow(installation.folder).map((file) => [file, found(readFileSync(file, 'latin1'))] as const);
    const holding = seen.filter(([, canariesThere]) => canariesThere.length > 0).map(([file]) => file);
    expect(holding.every((file) => REGIONS.some((code) => file.startsWith(installation.mailFolder(code))))).toBe(true);
    for (const code of REGIONS) {
      const foreign = canaries[code === 'eu' ? 'us' : 'eu']!;
      const mails = seen.filter(([file]) => file.startsWith(installation.mailFolder(code)));
      expect(mails.length).toBe(2);
      expect(mails.flatMap(([, there]) => there).filter((canary) => foreign.includes(canary))).toEqual([]);
    }
  });

  it('is found by this very search where it does stand: in the mail, and in what its own keys open', async () => {
    for (const code of REGIONS) {
      const [local, accountName, displayName] = canaries[code]!;
      const mails = installation.mails(code).map(({ text, headers }) => text + headers['to']);
      expect(found(mails.join())).toContain(local);
      const { sql } = installation.site(code).database;
      const persons = await sql('superuser', 'select id, sealed from person');
      const accounts = await sql('superuser', 'select id, sealed from account');
      const clear = await installation.opening(code, async ({ id, open }) => [
        ...(await Promise.all(
          persons.map((row) => open(PERSON_PROFILE, id(row['id'], 'pers'), id(row['id'], 'pers'), row['sealed'])),
        )),
        ...(await Promise.all(
          accounts.map((row) => open(ACCOUNT_PROFILE, id(row['id'], 'acct'), id(row['id'], 'acct'), row['sealed'])),
        )),
      ]);
      expect(found(JSON.stringify(clear)).sort()).toEqual([local, accountName, displayName].sort());
    }
  });
});
