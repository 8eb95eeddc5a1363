import { existsSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { regionLogFile } from '@domicile/runtime';
import type { Api } from '../support/api.js';
import { eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { connectionsOf } from '../support/started.js';

/** Law L9 over HTTP: what a built process does with data besides answering. Names of tests carry the row of the list of leaks. */
describe.each([
  ['combined', false],
  ['separate', true],
])('in the %s topology', (_topology, separate) => {
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ separate });
  });
  afterAll(() => installation.close());

  const processOf = (code: string) => api.processes[separate ? installation.codes.indexOf(code) : 0]!;
  const logOf = (code: string): string => regionLogFile(installation.site(code).home);

  it('reaches its own databases and nothing else, whatever it does (leak rows 5, 31, 42)', async () => {
    for (const code of installation.codes) await api.member(code);
    const portOf = (code: string): number => Number(new URL(installation.site(code).database.appUrl).port);
    for (const code of installation.codes) {
      const { pid } = processOf(code);
      const expected = (separate ? [code] : installation.codes).map(portOf);
      const found = new Set(connectionsOf(pid, api.ports[code]!));
      expect([...found].sort()).toEqual(expected.sort());
      expect(processOf(code).events('egress.refused')).toEqual([]);
    }
  });

  describe('what happens in a region', () => {
    /** Nobody may enter the database of EU any more, and one request finds out. */
    beforeAll(async () => {
      const { database } = installation.site('eu');
      const role = `${database.name}_app`;
      const { session } = await api.member('eu');
      await database.sql('superuser', `alter role ${role} nologin`);
      await database.sql('superuser', 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
        role,
      ]);
      try {
        expect((await api.ask('eu', '/v1/me', { token: session.token })).status).toBe(503);
      } finally {
        await database.sql('superuser', `alter role ${role} login`);
      }
      await eventually(
        'EU to be back',
        async () => (await api.ask('eu', '/v1/me', { token: session.token })).status === 200,
      );
    });

    it('is logged in that region alone, the faults of requests too', () => {
      const faults = processOf('eu').events('request.fault');
      expect(faults.length).toBeGreaterThan(0);
      for (const fault of faults) expect(fault).toMatchObject({ region: 'eu', route: '/v1/me', status: 503 });
      for (const { output, regional } of api.processes) expect(output + regional).not.toContain('"region":"us"');
      const { output } = processOf('eu');
      if (separate) expect(output).toContain('"event":"request.fault"');
      else expect(output).not.toContain('"region"');
    });

    it('is logged in a file for its owner alone, or in the journal of its own process', () => {
      for (const code of installation.codes) {
        expect(existsSync(logOf(code))).toBe(!separate);
        if (!separate) expect(statSync(logOf(code)).mode & 0o777).toBe(0o600);
      }
      expect(processOf('eu').output).toContain('"event":"api.listening"');
    });
  });
});
