import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { IdCodec, Regions } from '@domicile/residency';
import { regions } from '../support/databases.js';
import {
  at,
  CODES,
  databasePort,
  drill,
  expectFrontDoor,
  freePort,
  isApi,
  place,
  readable,
  signUp,
} from '../support/drill.js';
import { ask, eventually } from '../support/http.js';
import { workersOf } from '../support/started.js';

const ids = new IdCodec(regions);

jest.setTimeout(60_000);

const { folder, start } = drill();

describe('npm run start:stacks', () => {
  it('starts where an initialisation was cut off, one process a region, each without the other', async () => {
    const home = join(folder, 'stacks');
    const cut = start(home, await freePort());
    await eventually('initdb of every region', () => CODES.every((code) => drafts(home, code).length > 0));
    await cut.signal('SIGKILL');
    expect(CODES.filter((code) => existsSync(join(home, code, 'postgres')))).toEqual([]);

    const port = await freePort();
    const ports = Object.fromEntries(regions.all.map(({ code, number }) => [code, port + number]));
    const local = Regions.load(join(import.meta.dirname, '../../deploy/regions.json'), ports);
    const started = await start(home, port, {}, true).ready();
    expect(CODES.flatMap((code) => drafts(home, code))).toEqual([]);
    await expectFrontDoor(home, port, ports);
    const apis = workersOf(home).filter(isApi);
    expect(apis.map(({ environment }) => environment['DOMICILE_SERVES']).sort()).toEqual([...CODES].sort());

    for (const code of CODES) {
      const member = await signUp(home, code, ports[code]!, `a-${code}@example.org`);
      expect(await readable(code, ports[code]!, member)).toBe(200);
      const own = workersOf(home).find((one) => isApi(one) && one.environment['DOMICILE_SERVES'] === code)!;
      const { DOMICILE_PUBLIC_PORTS: publicPorts, ...rest } = own.environment;
      expect(publicPorts).toBe(
        Object.entries(ports)
          .map((pair) => pair.join('='))
          .join(),
      );
      for (const purpose of ['rows', 'keys'] as const)
        expect(own.connectedTo).toContain(databasePort(home, code, purpose));
      for (const other of CODES.filter((one) => one !== code)) {
        expect(Object.keys(rest).filter((name) => name.startsWith(`DOMICILE_${other.toUpperCase()}_`))).toEqual([]);
        const values = Object.values(rest).join('\n');
        for (const purpose of ['rows', 'keys'] as const) {
          expect(values).not.toContain(String(databasePort(home, other, purpose)));
          expect(own.connectedTo).not.toContain(databasePort(home, other, purpose));
        }
        for (const foreign of [join(home, other), String(ports[other])]) expect(values).not.toContain(foreign);
        expect(own.files.filter((file) => file.startsWith(join(home, other)))).toEqual([]);

        const { customer: origin } = local.get(other).origins;
        const misdirected = [
          await at(code, ports[code]!, `/v1/regions/${other}/signups`, { json: {} }),
          await at(code, ports[code]!, `/v1/accounts/${ids.mint('acct', regions.get(other))}`),
          await ask({ port: ports[code]!, path: '/v1/me', headers: { host: new URL(origin).host } }),
        ];
        for (const answer of misdirected) {
          expect(answer.status).toBe(421);
          expect(answer.json()).toMatchObject({ code: 'residency.misdirected', hostingRegion: { origin } });
        }
        expect(await readable(other, ports[other]!, member)).toBe(421);
      }
    }
    expect(await started.signal('SIGTERM')).toMatchObject({ how: 0, errors: '' });
    expect(workersOf(home)).toEqual([]);
  });

  it('leaves nothing running when Ctrl-C comes during the first start', async () => {
    const home = join(folder, 'impatient');
    const started = start(home, await freePort(), {}, true);
    await eventually('initdb', () => CODES.some((code) => drafts(home, code).length > 0));
    expect(await started.signal('SIGINT')).toMatchObject({ how: 0, output: expect.stringContaining('Stopping.') });
    expect(workersOf(home)).toEqual([]);
  });

  const drafts = (home: string, code: string): string[] =>
    [place(code), place(code, 'keys')]
      .filter((each) => existsSync(join(home, each)))
      .flatMap((each) => readdirSync(join(home, each)).filter((name) => name.startsWith('postgres.new.')));
});
