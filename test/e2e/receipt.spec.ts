import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { type Marker, sealMarker } from '../../libs/residency/src/marker.js';
import type { Api, Member } from '../support/api.js';
import { query, serverOf } from '../support/databases.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { broken, pinsIn, verified } from '../support/receipts.js';

const TOOL = join(import.meta.dirname, '../../tools/verify-receipt.mjs');
const CODES = ['eu', 'us'] as const;
const folder = mkdtempSync(join(tmpdir(), 'domicile-receipt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const receiptOf = (api: Api, code: string, { account, session }: Member): Promise<Answer> =>
  api.ask(code, `/v1/accounts/${account.id}/residency`, { token: session.token });

describe.each([
  ['combined', false],
  ['separate', true],
])('receipts in the %s topology', (topology, separate) => {
  let installation: Installation;
  let api: Api;
  const members: Record<string, Member> = {};

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ separate });
    await api.startWorkers();
    for (const code of CODES) members[code] = await api.member(code);
  });
  afterAll(() => installation?.close());

  it.each(CODES)('state where the account of %s is, signed by that region, and hold', async (code) => {
    const member = members[code]!;
    const answer = await receiptOf(api, code, member);
    expect([answer.status, answer.headers['content-type']?.split(';')[0]]).toEqual([200, 'application/vnd.dsse+json']);
    const { code: exit, receipt, page } = verified(answer.text, pinsIn(installation.regionsFile));
    expect([exit, receipt.holds, receipt.because]).toEqual([0, true, []]);
    expect(page).toContain('the receipt HOLDS');

    const { owner, jurisdiction, dataCentres, name } = api.regions.get(code);
    expect(receipt).toMatchObject({
      topology,
      stack: 'test',
      environment: 'test',
      issuer: { region: code, name, jurisdiction, owner },
    });
    const [row] = await installation.site(code).database.sql('superuser', 'select statement from residency.marker');
    const { database, systemIdentifier, epoch, sealedAt } = JSON.parse(String(row!['statement'])) as Marker;
    expect(receipt.database).toEqual({ database, systemIdentifier, epoch, sealedAt });
    expect(receipt.account).toMatchObject({
      id: member.account.id,
      dataKey: expect.stringMatching(new RegExp(`^key_${code}_`)),
      notCounted: expect.arrayContaining(['outbox', 'signup']),
    });
    const counts = Object.fromEntries(receipt.account.rows.map(({ table, rows, home }) => [table, [rows, home]]));
    const tables = ['acceptance', 'account', 'affiliation', 'credential', 'membership', 'person', 'session'];
    expect(counts).toMatchObject(Object.fromEntries(tables.map((table) => [table, [1, 1]])));
    expect(receipt.attested.map(({ value }) => value)).toEqual(expect.arrayContaining([jurisdiction, dataCentres]));
    // It is shown to others: nothing personal stands in it.
    for (const personal of [member.account.name, member.person.email, member.person.id])
      expect(JSON.stringify(receipt)).not.toContain(personal);
  });

  it('are given to members of that account alone, in its own region', async () => {
    const [eu, us] = [members['eu']!, members['us']!];
    const twin = await api.member('eu');
    const path = `/v1/accounts/${eu.account.id}/residency`;
    const asked = async (code: string, at: string, token?: string) => {
      const answer = await api.ask(code, at, token === undefined ? {} : { token });
      expect(answer.text).not.toContain('payload');
      return [answer.status, answer.code];
    };
    expect(await asked('eu', path)).toEqual([401, 'residency.secret_invalid']);
    expect(await asked('eu', path, twin.session.token)).toEqual([404, 'residency.not_found']);
    expect(await asked('eu', path, us.session.token)).toEqual([421, 'residency.misdirected']);
    expect(await asked('us', path, eu.session.token)).toEqual([421, 'residency.misdirected']);
    expect(await asked('us', path, us.session.token)).toEqual([421, 'residency.misdirected']);
    expect(await asked('eu', path.replace(eu.account.id, us.account.id), eu.session.token)).toEqual([
      421,
      'residency.misdirected',
    ]);
    expect(await asked('eu', `/v1/accounts/${eu.person.id}/residency`, eu.session.token)).toEqual([
      404,
      'residency.not_found',
    ]);
    expect(verified((await receiptOf(api, 'eu', twin)).text, pinsIn(installation.regionsFile)).receipt.account.id).toBe(
      twin.account.id,
    );
  });

  it.each(CODES)('are signed with a key that %s publishes, pins, and names in every mail', async (code) => {
    const answer = await api.ask(code, '/.well-known/domicile/keys');
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'public, max-age=300']);
    const { region, signingKeyId, keys } = answer.json<{
      region: string;
      signingKeyId: string;
      keys: { keyId: string }[];
    }>();
    const pins = pinsIn(installation.regionsFile).filter((pin) => pin.region === code);
    expect([region, signingKeyId, keys.map(({ keyId }) => keyId)]).toEqual([code, pins[0]!.keyId, [pins[0]!.keyId]]);
    const { signatures } = (await receiptOf(api, code, members[code]!)).json<{ signatures: { keyid: string }[] }>();
    expect(signatures.map(({ keyid }) => keyid)).toEqual([signingKeyId]);
    await installation.mail(code, (await api.pending(code)).id);
    await installation.drained(code);
    const mails = installation.mails(code);
    expect(mails.length).toBeGreaterThan(0);
    for (const { text } of mails) expect(text.trimEnd().split('\r\n').at(-1)).toBe(signingKeyId);
    const file = join(folder, `keys-${code}.json`);
    writeFileSync(file, answer.text);
    const receipt = join(folder, `by-keys-${code}.json`);
    for (const other of CODES) {
      writeFileSync(receipt, (await receiptOf(api, other, members[other]!)).text);
      const { status } = spawnSync(process.execPath, [TOOL, receipt, '--keys', file]);
      expect([other, status]).toEqual([other, other === code ? 0 : 2]);
    }
  });

  it('are verified by a tool that stands alone', async () => {
    const alone = join(folder, `alone-${topology}.mjs`);
    copyFileSync(TOOL, alone);
    const file = join(folder, 'receipt.json');
    writeFileSync(file, (await receiptOf(api, 'eu', members['eu']!)).text);
    const run = (...words: string[]) =>
      spawnSync(process.execPath, [alone, ...words], { encoding: 'utf8', env: {}, cwd: folder });
    const good = run(file, '--regions', installation.regionsFile);
    expect([good.status, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toContain(`Keys from ${installation.regionsFile}`);
    expect(good.stdout).toContain('Attested by the operator');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"sig":"', '"sig":"A'));
    expect(run(file, '--regions', installation.regionsFile)).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('NOT TO BE TRUSTED'),
    });
    for (const words of [
      [],
      [file],
      [file, file],
      [file, '--regions', file],
      [join(folder, 'none')],
      [file, '--public'],
    ])
      expect(run(...words)).toMatchObject({
        status: 2,
        stderr: '',
        stdout: expect.stringMatching(/^NOT TO BE TRUSTED: .+\n$/),
      });
  });
});

describe('a receipt says no', () => {
  let installation: Installation;
  let api: Api;
  let member: Member;
  let twin: Member;
  const sql = (text: string, values?: unknown[]) => installation.site('eu').database.sql('superuser', text, values);
  const uuid = (id: string, prefix: string, code = 'eu') =>
    new IdCodec(api.regions).encode(id, prefix, api.regions.get(code));
  const judged = async (of = member, code = 'eu') => {
    const answer = await eventually('a receipt', async () => {
      const got = await receiptOf(api, code, of);
      return got.status === 200 && got;
    });
    const { code: exit, receipt, page } = verified(answer.text, pinsIn(installation.regionsFile));
    expect(receipt.holds).toBe(exit === 0);
    expect(exit === 0 ? page : receipt.because).toEqual(
      exit === 0 ? expect.stringContaining('HOLDS') : expect.arrayContaining([expect.any(String)]),
    );
    return { exit, broken: broken(receipt), receipt };
  };
  const restart = async () => {
    await api.stop();
    api = await api.restart();
  };

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start();
    [member, twin] = [await api.member('eu'), await api.member('eu')];
  });
  afterAll(() => installation?.close());

  it('over a row of the other region, at once, to the account that has it; and over the check that let it in, from the next look on', async () => {
    const foreign = uuid(new IdCodec(api.regions).mint('mbr', api.regions.get('us')), 'mbr', 'us');
    const person = uuid(twin.person.id, 'pers');
    await sql(`alter table membership drop constraint membership_id_home;
      insert into membership (account_id, id, person_id, role) values ('${uuid(member.account.id, 'acct')}', '${foreign}', '${person}', 'owner')`);
    const { exit, broken: facts, receipt } = await judged();
    expect([exit, facts]).toEqual([1, ['account.rows']]);
    expect(receipt.account.rows.find(({ table }) => table === 'membership')).toMatchObject({ rows: 2, home: 1 });
    expect(await judged(twin)).toMatchObject({ exit: 0, broken: [] });
    await restart();
    expect(await judged()).toMatchObject({ exit: 1, broken: ['account.rows', 'inspection.home'] });
    expect(await judged(twin)).toMatchObject({ exit: 1, broken: ['inspection.home'] });
    expect(api.processes[0]!.events('inspection.refused')).toMatchObject([
      { region: 'eu', code: 'home', level: 'error' },
    ]);
    await sql(`delete from membership where id = '${foreign}'`);
    await sql(
      'alter table membership add constraint membership_id_home check (residency.region_of(id) = residency.region())',
    );
    await restart();
    expect(await judged()).toMatchObject({ exit: 0, broken: [] });
  });

  it('over a database whose marker was made for another one, as a copy carries it', async () => {
    const [row] = await sql('select statement, signature from residency.marker');
    const { statement, signature } = row as { statement: string; signature: Buffer };
    const key = createPrivateKey(readFileSync(join(installation.site('eu').database.keysDir, 'marker.key')));
    const forged = sealMarker({ ...(JSON.parse(statement) as Marker), databaseOid: '1' }, key);
    const put = 'update residency.marker set statement = $1, signature = $2';
    await sql(put, [forged.statement, forged.signature]);
    try {
      const { exit, broken: facts, receipt } = await judged();
      expect([exit, facts, receipt.database]).toEqual([1, ['database.marker'], null]);
    } finally {
      await sql(put, [statement, signature]);
    }
    expect(await judged()).toMatchObject({ exit: 0 });
  });

  it('and nothing is signed at all over a clone behind the same address', async () => {
    const { name } = installation.site('eu').database;
    const server = (text: string) => query(serverOf(api.regions.get('eu')).superuserUrl, text);
    const alone = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
    const swap = async (...texts: string[]) =>
      eventually('the database to be nobody’s', async () => {
        await server(alone);
        return (
          (await server(texts[0]!).then(
            () => true,
            () => false,
          )) && (texts[1] ? server(texts[1]).then(() => true) : true)
        );
      });
    await swap(`alter database ${name} rename to ${name}_real`, `create database ${name} template ${name}_real`);
    try {
      const answer = await eventually('the clone', async () => {
        const got = await receiptOf(api, 'eu', member);
        return got.code === 'residency.marker_moved' && got;
      });
      expect([answer.status, answer.text.includes('payload')]).toEqual([503, false]);
    } finally {
      await swap(`drop database ${name} with (force)`, `alter database ${name}_real rename to ${name}`);
    }
    expect(await judged()).toMatchObject({ exit: 0 });
  });
});
