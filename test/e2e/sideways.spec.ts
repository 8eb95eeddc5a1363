import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { regionLogFile } from '@domicile/runtime';
import { type Api, type ApiProcess, freshEmail, type Member } from '../support/api.js';
import { serverOf } from '../support/databases.js';
import { type Answer, ask, eventually, exchange } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { Intruder } from '../support/intruder.js';
import { inLetters } from '../support/names.js';
import { connectionsOf } from '../support/started.js';

/** Law L9 over HTTP: what a built process does with data besides answering. Names of tests carry the row of the list of leaks. */
describe.each([
  ['combined', false],
  ['separate', true],
])('in the %s topology', (_topology, separate) => {
  let installation: Installation;
  let api: Api;
  let workers: readonly ApiProcess[];
  let intruder: Intruder;

  beforeAll(async () => {
    installation = await Installation.create();
    // That keys were read ahead of use stands in the log of each region; here nothing is to happen but what a test does.
    const settings = { DOMICILE_KEYS_AHEAD_AFTER_SECONDS: '86400' };
    intruder = await Intruder.waiting(
      `c${randomBytes(9).toString('hex')}`,
      installation.codes.flatMap(databasePortsOf),
    );
    api = await installation.start({ separate, settings: { ...settings, ...intruder.settings } });
    workers = await api.startWorkers();
  });
  afterAll(async () => {
    intruder.close();
    await installation.close();
  });

  const databasePortsOf = (code: string): number[] => {
    const { database, keyStore } = installation.site(code);
    return [database, keyStore].map(({ appUrl }) => Number(new URL(appUrl).port));
  };
  const processOf = (code: string) => api.processes[separate ? installation.codes.indexOf(code) : 0]!;
  const logOf = (code: string): string => regionLogFile(installation.site(code).home);

  it('is connected to its own databases and to nothing else once people have signed in (leak rows 5, 31, 42)', async () => {
    // A sign-in asks rows and key store; right before, as a connection that has nothing to do is closed after a while.
    await Promise.all(installation.codes.map(async (code) => api.signIn(code, (await api.member(code)).person.email)));
    for (const code of installation.codes) {
      const { pid } = processOf(code);
      const expected = (separate ? [code] : installation.codes).flatMap(databasePortsOf);
      const found = new Set(connectionsOf(pid, api.ports[code]!));
      expect([...found].sort()).toEqual(expected.sort());
      expect(processOf(code).events('egress.refused')).toEqual([]);
    }
  });

  /** Everything that stands anywhere of both regions but mails: output, logs of API and servers, rows. */
  async function everywhere(): Promise<string> {
    const codes = installation.codes;
    const rows = await Promise.all(codes.map((code) => installation.dump(code)));
    const servers = codes.map((code) =>
      readFileSync(join(serverOf(api.regions.get(code)).home, 'postgres.log'), 'latin1'),
    );
    return [installation.written, ...rows, ...servers].join('\n');
  }
  const canary = (): string => `c${inLetters(randomBytes(9).toString('hex'))}`;
  const lines = (): number => installation.written.split('\n').length;

  it('turns each secret of a region away at the other one, and writes nothing of whose it is (leak row 44)', async () => {
    const members = await Promise.all(Array.from({ length: 5 }, () => api.member('eu')));
    const before = lines();
    for (const { session, account, person } of members)
      for (const [path, host] of [
        ['/v1/me', api.host('us')],
        [`/v1/accounts/${account.id}`, api.host('us')],
        ['/v1/regions/us/signups', api.host('us')],
        ['/v1/me', 'nowhere.example'],
      ] as const) {
        const answer = await ask({
          port: api.ports['us']!,
          path,
          method: path.endsWith('signups') ? 'POST' : 'GET',
          headers: { host, authorization: `Bearer ${session.token}` },
        });
        expect([path, answer.status, answer.code]).toEqual([path, 421, 'residency.misdirected']);
        for (const own of [session.id, session.token, account.id, person.id, person.email])
          expect(answer.text + JSON.stringify(answer.headers)).not.toContain(own);
      }
    expect(lines()).toBe(before);
    for (const { session, account, person } of members)
      for (const own of [session.id, session.token, account.id, person.id, person.email])
        expect(installation.written).not.toContain(own);
    // At home each of them works.
    for (const { session } of members)
      expect((await api.ask('eu', '/v1/me', { token: session.token })).status).toBe(200);
  });

  it('takes not one byte of a form for the other region from a client that asks, and keeps none of one that does not (leak row 47)', async () => {
    const word = canary();
    const body = JSON.stringify({ email: `${word}@example.org`, accountName: word });
    const head = (more: string): string =>
      `POST /v1/regions/us/signups HTTP/1.1\r\nhost: ${api.host('eu')}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${more}\r\n`;
    const before = lines();
    // A worker may still be carrying out what an earlier test caused.
    await Promise.all(installation.codes.map((code) => installation.drained(code)));
    const counts = await Promise.all(installation.codes.map((code) => installation.counts(code)));
    const asked = await exchange(api.ports['eu']!, head('expect: 100-continue\r\n'));
    expect(asked.text).toMatch(/^HTTP\/1\.1 421 /);
    expect(asked.text).not.toContain('100 Continue');
    for (const sent of [body, `{"email":"${word}`.padEnd(body.length, '{'), word.padEnd(body.length)]) {
      const { text } = await exchange(api.ports['eu']!, head('') + sent);
      expect(text).toMatch(/^HTTP\/1\.1 421 /);
      expect(text).not.toContain(word);
    }
    expect(lines()).toBe(before);
    expect(await Promise.all(installation.codes.map((code) => installation.counts(code)))).toEqual(counts);
    expect(await everywhere()).not.toContain(word);
    // The same form at home is invited.
    const policy = await api.policyVersion();
    const right = JSON.stringify({ email: freshEmail(), accountName: word, acceptedPolicyVersion: policy });
    const invited = await exchange(
      api.ports['us']!,
      `POST /v1/regions/us/signups HTTP/1.1\r\nhost: ${api.host('us')}\r\ncontent-type: application/json\r\ncontent-length: ${right.length}\r\nexpect: 100-continue\r\n\r\n`,
      /100 Continue\r\n\r\n/,
    );
    expect(invited.text).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  });

  describe('a header that names another place (leak row 49)', () => {
    let plain: { answer: Answer; mail: string };
    const signUpWith = async (headers: Record<string, string>): Promise<{ answer: Answer; mail: string }> => {
      const json = { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: await api.policyVersion() };
      const answer = await api.ask('eu', '/v1/regions/eu/signups', { json, headers });
      const { id, codeExpiresAt } = answer.json<{ signup: { id: string; codeExpiresAt: string } }>().signup;
      const { text, headers: mailed } = await installation.mail('eu', id);
      const { 'message-id': messageId = '', 'content-type': type = '', date: _date, to: _to, ...rest } = mailed;
      const fixed = text
        .replaceAll(id, '<id>')
        .replaceAll(`${codeExpiresAt.slice(0, 16).replace('T', ' ')} UTC`, '<time>')
        .replace(/^\d{8}$|(?<=code=)\d{8}$/gm, '<code>');
      return {
        answer,
        mail: JSON.stringify([fixed, messageId.replace(/obx_\w+/, '<id>'), type.replace(/boundary=.*/, ''), rest]),
      };
    };
    beforeAll(async () => (plain = await signUpWith({})));

    it.each<[string, (other: string) => Record<string, string>]>([
      ['X-Forwarded-Host', (other) => ({ 'x-forwarded-host': other })],
      ['X-Forwarded-Host of two', (other) => ({ 'x-forwarded-host': `${other}, evil.example` })],
      ['X-Forwarded-Server', (other) => ({ 'x-forwarded-server': other })],
      ['X-Forwarded-Proto and port', () => ({ 'x-forwarded-proto': 'https', 'x-forwarded-port': '444' })],
      ['X-Forwarded-Prefix', () => ({ 'x-forwarded-prefix': '/evil' })],
      ['X-Host', (other) => ({ 'x-host': other })],
      ['X-HTTP-Host-Override', (other) => ({ 'x-http-host-override': other })],
      ['X-Original-Host', (other) => ({ 'x-original-host': other })],
      [
        'X-Original-URL',
        (other) => ({ 'x-original-url': `http://${other}/v1/regions/us/signups`, 'x-rewrite-url': '/' }),
      ],
      ['Forwarded', (other) => ({ forwarded: `for=1.2.3.4;host=${other};proto=https` })],
      ['Origin and Referer', (other) => ({ origin: `http://${other}`, referer: `http://${other}/` })],
      ['X-Hosting-Region and countries', () => ({ 'x-hosting-region': 'us', 'cf-ipcountry': 'US', 'x-region': 'us' })],
    ])('changes neither region nor mail: %s', async (_name, headers) => {
      const { answer, mail } = await signUpWith(headers(api.host('us')));
      expect([answer.status, answer.headers['x-hosting-region']]).toEqual([202, 'eu']);
      expect(mail).toBe(plain.mail);
      expect(mail).toContain(api.origin('eu'));
      expect(mail).not.toMatch(/evil|us\.localhost|https/);
    });

    it.each([
      ['Host of the other region', () => api.host('us')],
      ['Host of a stranger', () => 'evil.example'],
      ['Host with a stranger behind', () => `${api.host('eu')}@evil.example`],
    ])('is no way in as %s', async (_name, host) => {
      // The row of a mail goes after the mail.
      await installation.drained('eu');
      const before = await installation.counts('eu');
      const json = { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: await api.policyVersion() };
      const answer = await api.ask('eu', '/v1/regions/eu/signups', { json, headers: { host: host() } });
      expect([answer.status, answer.text.includes('evil')]).toEqual([421, false]);
      expect(await installation.counts('eu')).toEqual(before);
    });
  });

  it('carries no trace and no baggage on (leak row 29)', async () => {
    const trace = randomBytes(16).toString('hex');
    const word = canary();
    const headers = {
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      tracestate: `vendor=${word}`,
      baggage: `email=${word}`,
      b3: trace,
      'x-b3-traceid': trace,
      'x-request-id': word,
    };
    const json = { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: await api.policyVersion() };
    const answers = [
      await api.ask('eu', '/v1/regions/eu/signups', { json, headers }),
      await api.ask('eu', '/v1/regions/us/signups', { json, headers }),
      await api.ask('eu', '/v1/me', { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 421, 401]);
    const { id } = answers[0]!.json<{ signup: { id: string } }>().signup;
    const mail = await installation.mail('eu', id);
    const written =
      [...answers, mail].map((each) => each.text + JSON.stringify(each.headers)).join() + (await everywhere());
    for (const trail of [trace, word, 'traceparent', 'baggage']) expect(written).not.toContain(trail);
  });

  it('never answers with a redirect, and with no URL that holds what somebody typed (leak rows 45, 46)', async () => {
    const word = canary();
    const member = await api.member('eu', { email: `${word}@example.org`, accountName: word, displayName: word });
    const answers: Answer[] = [];
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      for (const [code, path] of [
        ['eu', '/'],
        ['eu', '/v1/me'],
        ['eu', '/v1/me/'],
        ['eu', '//evil.example/v1/me'],
        ['eu', `/v1/accounts/${member.account.id}`],
        ['us', `/v1/accounts/${member.account.id}`],
        ['eu', '/v1/regions/us/signups'],
        ['us', '/v1/regions/eu/signups'],
        ['eu', '/docs'],
        ['eu', '/docs/'],
        ['eu', '/openapi.json'],
      ] as const)
        answers.push(
          await api.ask(code, path, {
            method,
            token: member.session.token,
            ...(method === 'GET' ? {} : { json: { email: word } }),
          }),
        );
    const { id } = await api.pending('eu', { email: `${word}2@example.org` });
    const mail = await installation.mail('eu', id);
    for (const { status, headers } of answers) {
      expect([status >= 300 && status < 400, headers.location, headers['refresh'], headers['link']]).toEqual([
        false,
        undefined,
        undefined,
        undefined,
      ]);
    }
    const urls = [...answers.map(({ text, headers }) => text + JSON.stringify(headers)), mail.text].flatMap(
      (text) => text.match(/https?:\/\/[^\s"'<>\\]+/g) ?? [],
    );
    expect(urls.length).toBeGreaterThan(0);
    for (const url of urls) {
      const { search, username, pathname } = new URL(url);
      expect([url, search, username]).toEqual([url, '', '']);
      for (const own of [word, member.session.token, '@', digitsIn(mail.text)])
        expect(decodeURIComponent(pathname)).not.toContain(own);
    }
    // Nothing that is asked for in a path or a query could be personal: ids and codes of regions alone.
    const document = (await api.ask('eu', '/openapi.json')).json<{
      paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>;
    }>();
    const parameters = Object.entries(document.paths).flatMap(([path, operations]) => [
      ...(path.match(/\{\w+\}/g) ?? []),
      ...Object.values(operations).flatMap(({ parameters: some = [] }) =>
        some.filter((each) => each.in === 'query').map(({ name }) => name),
      ),
    ]);
    const harmless = ['{id}', '{personId}', '{invitationId}', '{tokenId}', '{domainId}', '{region}', 'limit', 'cursor'];
    expect(parameters.filter((name) => !harmless.includes(name))).toEqual([]);
  });

  it('answers alike for an id of nobody and one of another account, and writes nothing of either (leak row 63)', async () => {
    const [mine, other]: [Member, Member] = await Promise.all([api.member('eu'), api.member('eu')]);
    const nobody = new IdCodec(api.regions).mint('acct', api.regions.get('eu'));
    const before = lines();
    const [first, second] = await Promise.all(
      [nobody, other.account.id].map((id) => api.ask('eu', `/v1/accounts/${id}`, { token: mine.session.token })),
    );
    const seen = ({ status, text, headers: { date: _date, ...headers } }: Answer): unknown => ({
      status,
      text,
      headers,
    });
    expect(first!.status).toBe(404);
    expect(seen(second!)).toEqual(seen(first!));
    expect(lines()).toBe(before);
    expect((await api.ask('eu', `/v1/accounts/${other.account.id}`, { token: other.session.token })).status).toBe(200);
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

  /** The last of all: nothing runs afterwards. */
  describe('code that got into a process', () => {
    const each = async (work: (process: ApiProcess, regions: readonly string[]) => Promise<void>): Promise<void> => {
      for (const processes of [api.processes, workers])
        await Promise.all(
          processes.map((one, i) => work(one, separate ? [installation.codes[i]!] : installation.codes)),
        );
    };

    it('reaches the databases of its own regions and nothing else, and is told of (leak rows 5, 31, 42)', async () => {
      await each(async (process, regions) =>
        expect(await intruder.tries(process)).toEqual(intruder.expected(regions.flatMap(databasePortsOf))),
      );
      expect(intruder.arrived).toBe(0);
    });

    it('and throws what nobody catches ends the process with the class and the code of it alone (leak row 27)', async () => {
      await each(async (process) =>
        expect(await intruder.throws(process)).toEqual({
          ending: { code: 1, signal: null },
          faults: [{ level: 'error', event: 'process.fault', errorName: 'TypeError', code: 'ECANARY' }],
        }),
      );
      expect(installation.written).not.toContain(intruder.word);
    });
  });
});

function digitsIn(text: string): string {
  return /^\d{8}$/m.exec(text.replaceAll('\r', ''))![0];
}
