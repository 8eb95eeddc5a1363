import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { at, CODES, combinedPort, drill, freePort, signUp } from '../support/drill.js';
import { type Ended, Started } from '../support/started.js';

jest.setTimeout(60_000);
const { folder, start } = drill();

describe('receipts on this machine', () => {
  const TOOL = join(import.meta.dirname, '../../tools/verify-receipt.mjs');

  it('are verified against the keys that npm start pinned, and after a rotation against old and new', async () => {
    const home = join(folder, 'receipts');
    const door = await freePort();
    const port = combinedPort(door);
    const [code] = CODES as [string];
    const settings = { DOMICILE_HOME: home };
    const keys = (word: string): Promise<Ended> =>
      Started.command(['receipt-keys', word, '--region', code], settings).ended;
    expect(await keys('public')).toMatchObject({ how: 1, errors: expect.stringContaining('has no receipt key in') });

    const verdicts: Record<string, string> = {};
    const issue = async (name: string): Promise<void> => {
      const member = await signUp(home, code, port, `${name}@example.org`);
      const headers = { authorization: `Bearer ${member.session.token}` };
      verdicts[name] = join(home, `${name}.json`);
      const answer = await at(code, port, `/v1/accounts/${member.account.id}/residency`, { headers });
      writeFileSync(verdicts[name], answer.text);
    };
    const exits = (): (number | null)[] =>
      Object.values(verdicts).map((file) => spawnSync(process.execPath, [TOOL, file], { env: settings }).status);

    const first = await start(home, door).ready();
    await issue('first');
    const before = JSON.parse((await keys('public')).output) as { keyId: string }[];
    const after = JSON.parse((await keys('rotate')).output) as { keyId: string }[];
    expect(after.map(({ keyId }) => keyId)).toEqual([before[0]!.keyId, expect.not.stringContaining(before[0]!.keyId)]);
    // The process that still runs goes on with the key that it started with.
    await issue('between');
    expect(exits()).toEqual([0, 0]);
    await first.signal('SIGINT');

    await start(home, door).ready();
    await issue('second');
    expect(exits()).toEqual([0, 0, 0]);
    const keyIds = Object.values(verdicts).map((file) => /ed25519:[0-9a-f-]+/.exec(readFileSync(file, 'utf8'))![0]);
    expect(keyIds).toEqual([before[0]!.keyId, before[0]!.keyId, after[1]!.keyId]);
    const { keys: published } = (await at(code, port, '/.well-known/domicile/keys')).json<{ keys: object[] }>();
    expect(published).toMatchObject(after);
  });
});
