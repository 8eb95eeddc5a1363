import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Member } from '../support/api.js';
import { Installation } from '../support/installation.js';
import { type OwnServer, ownServer } from '../support/own-server.js';
import { threeRegions } from '../support/third-region.js';

const CODES = ['eu', 'us', 'ch'] as const;

describe.each([
  ['combined', false],
  ['separate', true],
])('a third region by configuration alone, %s', (_, separate) => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-third-'));
  let servers: OwnServer[];
  let installation: Installation;
  let api: Api;
  const members: Record<string, Member> = {};

  beforeAll(async () => {
    const file = join(folder, 'regions.json');
    writeFileSync(file, JSON.stringify(threeRegions()));
    servers = await Promise.all([ownServer(), ownServer()]);
    const [ch, keys] = servers as [OwnServer, OwnServer];
    installation = await Installation.create({ regionsFile: file, servers: { ch, 'ch-keys': keys } });
    api = await installation.start({ separate });
    for (const code of CODES) members[code] = await api.member(code);
  });
  afterAll(async () => {
    await installation?.close();
    await Promise.all((servers ?? []).map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('is listed with the others', async () => {
    const { regions } = (await api.ask('ch', '/v1/regions')).json<{ regions: { code: string; served: boolean }[] }>();
    expect(regions.map(({ code }) => code)).toEqual(CODES);
    expect(regions.filter(({ served }) => served)).toHaveLength(separate ? 1 : 3);
  });

  it.each(CODES)('keeps the account of %s at home', async (code) => {
    const { account, session } = members[code]!;
    expect(account.id).toMatch(new RegExp(`^acct_${code}_`));
    const answer = await api.ask(code, `/v1/accounts/${account.id}`, { token: session.token });
    expect([answer.status, answer.headers['x-hosting-region']]).toEqual([200, code]);
    expect((await installation.counts(code))['account']).toBe(1);
  });

  it('sends each of the three away from the two others', async () => {
    for (const at of CODES)
      for (const from of CODES.filter((code) => code !== at)) {
        const { account, session } = members[from]!;
        const answer = await api.ask(at, `/v1/accounts/${account.id}`, { token: session.token });
        expect([at, from, answer.status]).toEqual([at, from, 421]);
        expect(answer.json()['hostingRegion']).toEqual({ code: from, origin: api.origin(from) });
      }
  });
});
