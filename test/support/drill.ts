import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect } from '@jest/globals';
import { type DatabasePurpose, Regions } from '@domicile/residency';
import { portTrouble } from '../../apps/cli/src/local/ports.js';
import { receivedMail } from '../../apps/cli/src/local/received-mail.js';
import { PASSWORD } from './api.js';
import { query, regions } from './databases.js';
import { type Answer, ask, eventually } from './http.js';
import { type Ended, Started, type Worker, workersOf } from './started.js';

export const CODES = regions.codes;

/** What a spec file starts, in a folder of its own; every process of it ends with each test, and the folder goes at the end. */
export interface Drill {
  readonly folder: string;
  /** `npm start`, or `npm run start:stacks`. */
  start(home: string, port: number, more?: Readonly<Record<string, string>>, stacks?: boolean): Started;
}

export function drill(): Drill {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-start-'));
  const running: Started[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.signal('SIGKILL')));
  });
  afterAll(async () => {
    await eventually('every process to end', () => workersOf(folder).length === 0);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    start: (home, port, more = {}, stacks = false) => {
      const env = { PORT: String(port), DOMICILE_HOME: home, ...more };
      const started = Started.script(stacks ? 'start:stacks' : 'start', env);
      running.push(started);
      return started;
    },
  };
}

/**
 * A port for the front door that is free, and so are those that follow it: {@link combinedPort} and, with `--stacks`, one for each
 * region by its number. Below those that the kernel hands out, so that
 * nobody is given one of them between the look and the start.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    // Each once: two looks at one port would find each other.
    const all = new Set([port, combinedPort(port), ...regions.all.map(({ number }) => port + number)]);
    if ((await Promise.all([...all].map((one) => portTrouble(one)))).every((trouble) => trouble === undefined))
      return port;
  }
}

/** The one port of all regions' origins, without `--stacks`. */
export const combinedPort = (door: number): number => door + 1;

/** The front door serves, leads to the regions' origins at these ports, and was told nothing else of them. */
export async function expectFrontDoor(
  home: string,
  door: number,
  ports: Readonly<Record<string, number>>,
): Promise<void> {
  const { status, text } = await ask({ port: door, path: '/en', headers: { host: `localhost:${door}` } });
  expect(status).toBe(200);
  const local = Regions.load(join(import.meta.dirname, '../../deploy/regions.json'), ports).all;
  for (const { origins } of local) expect(text).toContain(`href="${origins.customer}/sign-up"`);
  const [process, ...others] = workersOf(home).filter(isFrontDoor);
  expect(others).toEqual([]);
  expect(
    Object.keys(process!.environment)
      .filter((name) => name.startsWith('DOMICILE_') || name === 'PORT')
      .sort(),
  ).toEqual(['DOMICILE_PUBLIC_PORTS', 'DOMICILE_REGIONS_FILE', 'PORT']);
  expect(process!.connectedTo).toEqual([]);
}

/** One request to a region at its customer origin. */
export const at = (
  code: string,
  port: number,
  path: string,
  more: Partial<Parameters<typeof ask>[0]> = {},
): Promise<Answer> => ask({ port, path, ...more, headers: { host: `${code}.localhost:${port}`, ...more.headers } });

/** What a confirmation answers, as far as drills need it. */
export interface Member {
  readonly account: { readonly id: string };
  readonly person: { readonly id: string };
  readonly session: { readonly id: string; readonly token: string };
}

/** The whole way of a new customer, the code read from the region's mail folder. */
export async function signUp(home: string, code: string, port: number, email: string): Promise<Member> {
  const acceptedPolicyVersion = (await at(code, port, '/v1/policies/current')).json<{ version: string }>().version;
  const json = { email, accountName: 'Analytical Engines', acceptedPolicyVersion };
  const asked = await at(code, port, `/v1/regions/${code}/signups`, { json });
  expect(asked.status).toBe(202);
  const { id } = asked.json<{ signup: { id: string } }>().signup;
  const mail = await eventually('the mail', () =>
    readdirSync(join(home, code, 'mail'))
      .filter((file) => file.endsWith('.eml'))
      .map((file) => receivedMail(readFileSync(join(home, code, 'mail', file), 'utf8')).text)
      .find((text) => text.includes(id)),
  );
  const digits = /^\d{8}$/m.exec(mail.replaceAll('\r', ''))![0];
  const confirmed = await at(code, port, `/v1/signups/${id}/confirmations`, {
    json: { code: digits, password: PASSWORD },
  });
  expect(confirmed.status).toBe(201);
  return confirmed.json<Member>();
}

/** The status that a member is answered with at her own account. */
export async function readable(code: string, port: number, member: Member): Promise<number> {
  const headers = { authorization: `Bearer ${member.session.token}` };
  return (await at(code, port, `/v1/accounts/${member.account.id}`, { headers })).status;
}

/** One sentence on standard error and nothing else said, exit code 1, nothing left running. */
export async function refusal(started: Started, home: string): Promise<string> {
  const { how, output, errors }: Ended = await started.ended;
  expect({ how, output }).toEqual({ how: 1, output: '' });
  expect(errors).toMatch(/^domicile: [^\n]+\.\n$/);
  expect(workersOf(home)).toEqual([]);
  return errors.replace('domicile: ', '').trim();
}

/** Where a region's servers are below the home: its rows', and its key store's. */
export const place = (code: string, purpose: DatabasePurpose = 'rows'): string =>
  purpose === 'rows' ? code : join(code, 'key-store');

/** The port that its server has just now. */
export const databasePort = (home: string, code: string, purpose?: DatabasePurpose): number =>
  Number(readFileSync(join(home, place(code, purpose), 'postgres', 'postmaster.pid'), 'latin1').split('\n')[3]);

/** As the launcher's superuser: how the tests look into a database that only the product uses. */
export function sql(
  home: string,
  code: string,
  text: string,
  purpose?: DatabasePurpose,
): Promise<Record<string, unknown>[]> {
  const password = readFileSync(join(home, place(code, purpose), 'keys', 'postgres.password'), 'utf8').trim();
  return query(`postgres://postgres:${password}@127.0.0.1:${databasePort(home, code, purpose)}/domicile`, text);
}

export const isApi = ({ command }: Worker): boolean => command.includes('apps/api/src/main.js');
export const isMailer = ({ command }: Worker): boolean => command.includes('apps/worker/src/main.js');
export const isFrontDoor = ({ command }: Worker): boolean => command.includes('apps/front-door/src/main.js');
export const isCatcher = ({ command }: Worker): boolean => command.includes('mail-catcher-main.js');
