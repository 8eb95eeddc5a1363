import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Mail, type Relay, SmtpMailer } from '@domicile/messaging';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { mailInbox } from '../../apps/cli/src/local/mail-inbox.js';
import { type Authority, authority } from '../support/authority.js';
import { eu, us } from '../support/databases.js';
import { type Answer, ask } from '../support/http.js';
import { TestRelay } from '../support/mail.js';

const LOCALHOST = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
] as const;
const mail: Mail = {
  messageId: 'obx_1@eu.localhost',
  to: 'ada@example.org',
  subject: 'Hello',
  text: 'Hello',
  html: '<p>Hello</p>',
};

describe('the relay of a region', () => {
  let ours: Authority;
  let theirs: Authority;
  let certificate: { cert: string; key: string };
  const closing: (() => Promise<void>)[] = [];
  /** What clients have said so far. */
  let said: string[] = [];

  beforeAll(async () => {
    [ours, theirs] = await Promise.all([authority('ours'), authority('theirs')]);
    certificate = await ours.issue([...LOCALHOST]);
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    said = [];
  });

  async function relay(options: Partial<SMTPServerOptions> = {}): Promise<number> {
    const server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 50,
      ...certificate,
      onAuth: ({ username, password }, _session, callback) => {
        said.push(`AUTH ${username} ${password}`);
        callback(null, password === 'right' ? { user: username } : {});
      },
      onMailFrom: ({ address }, _session, callback) => {
        said.push(`MAIL ${address}`);
        callback();
      },
      onRcptTo: ({ address }, _session, callback) => {
        said.push(`RCPT ${address}`);
        callback();
      },
      onData: (stream, { secure }, callback) => {
        stream.resume().once('end', () => {
          said.push(secure ? 'DATA in TLS' : 'DATA in clear');
          callback();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    return listening(server.listen(0, '127.0.0.1'));
  }

  async function listening(server: Server): Promise<number> {
    await new Promise((resolve) => server.once('listening', resolve));
    return (server.address() as { port: number }).port;
  }

  function mailer(port: number, change: Partial<Relay> = {}, connectionsMax = 5): SmtpMailer {
    const base = { region: 'eu', host: '127.0.0.1', port, encryption: undefined, ca: undefined, login: undefined };
    const made = new SmtpMailer([{ ...base, ...change }], connectionsMax);
    closing.unshift(async () => made.close());
    return made;
  }
  /** 'sent', or the code of the failure. */
  const outcome = (by: SmtpMailer, change: Partial<Mail> = {}): Promise<string> =>
    by.send(eu, { ...mail, ...change }).then(
      () => 'sent',
      (error: { code?: string; message: string }) => {
        expect(error.message).not.toContain('ada');
        return error.code ?? error.message;
      },
    );
  const withOurs = (encryption: 'tls' | 'starttls'): Partial<Relay> => ({
    encryption,
    ca: ours.pem,
    host: 'localhost',
  });

  it('is spoken to in clear on this machine, and takes a mail with the sender of its region', async () => {
    expect(await outcome(mailer(await relay({ disabledCommands: ['STARTTLS'] })))).toBe('sent');
    expect(said).toEqual(['MAIL no-reply@eu.localhost', 'RCPT ada@example.org', 'DATA in clear']);
  });

  it('takes no mail of another region (leak row 39)', async () => {
    const made = mailer(await relay());
    await expect(made.send(us, mail)).rejects.toThrow(/no relay of region us/);
    expect(said).toEqual([]);
  });

  it('is spoken to in TLS from the first byte, or after STARTTLS, and logged in to there', async () => {
    const login = { user: 'domicile', password: 'right' };
    expect(await outcome(mailer(await relay({ secure: true }), { ...withOurs('tls'), login }))).toBe('sent');
    expect(await outcome(mailer(await relay(), { ...withOurs('starttls'), login }))).toBe('sent');
    const whole = ['AUTH domicile right', 'MAIL no-reply@eu.localhost', 'RCPT ada@example.org', 'DATA in TLS'];
    expect(said).toEqual([...whole, ...whole]);
  });

  it('is told nothing when its certificate is of another CA or another name, or none of the system’s', async () => {
    const elsewhere = await ours.issue([{ type: 'dns', value: 'relay.example' }]);
    const login = { user: 'domicile', password: 'right' };
    for (const [encryption, secure] of [
      ['tls', true],
      ['starttls', false],
    ] as const)
      for (const [options, change] of [
        [{}, { ca: theirs.pem }],
        [{}, { ca: undefined }],
        [elsewhere, {}],
      ] as const) {
        const port = await relay({ secure, ...options });
        expect(await outcome(mailer(port, { ...withOurs(encryption), login, ...change }))).toBe('mail.relay_untrusted');
      }
    expect(said).toEqual([]);
  });

  it('is told nothing when STARTTLS was stripped from what it offers', async () => {
    const login = { user: 'domicile', password: 'right' };
    for (const options of [{ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }, { disabledCommands: ['STARTTLS'] }])
      expect(await outcome(mailer(await relay(options), { ...withOurs('starttls'), login }))).toBe(
        'mail.relay_untrusted',
      );
    expect(said).toEqual([]);
  });

  it('may refuse a login, an address for good, or for now, and what it says is not repeated', async () => {
    const refusing = (responseCode: number): Partial<SMTPServerOptions> => ({
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _session, callback) =>
        callback(Object.assign(new Error(`${address} is unknown here`), { responseCode })),
    });
    expect(await outcome(mailer(await relay(refusing(550))))).toBe('mail.refused');
    expect(await outcome(mailer(await relay(refusing(451))))).toBe('mail.deferred');
    const login = { user: 'domicile', password: 'wrong' };
    expect(await outcome(mailer(await relay({ secure: true }), { ...withOurs('tls'), login }))).toBe(
      'mail.relay_login',
    );
    const sender: Partial<SMTPServerOptions> = {
      disabledCommands: ['STARTTLS'],
      onMailFrom: (_address, _session, callback) => callback(Object.assign(new Error('No'), { responseCode: 550 })),
    };
    // That is our setting and not the mail's fault.
    expect(await outcome(mailer(await relay(sender)))).toBe('mail.deferred');
  });

  it('that refuses one address takes the next over the same connection', async () => {
    let connections = 0;
    const port = await relay({
      disabledCommands: ['STARTTLS'],
      onConnect: (_session, callback) => {
        connections++;
        callback();
      },
      onRcptTo: ({ address }, _session, callback) =>
        callback(address.startsWith('bad') ? Object.assign(new Error('No'), { responseCode: 550 }) : null),
    });
    const made = mailer(port, {}, 1);
    expect(await outcome(made, { to: 'bad@example.org' })).toBe('mail.refused');
    expect(await outcome(made)).toBe('sent');
    expect(connections).toBe(1);
  });

  it('that is away, hangs up or says nothing is away', async () => {
    const silent = createServer();
    const rude = createServer((socket) => socket.destroy());
    for (const server of [silent, rude])
      closing.push(() => new Promise((resolve) => void server.close(() => resolve())));
    silent.on('connection', (socket) => void closing.unshift(async () => void socket.destroy()));
    const free = createServer();
    const port = await listening(free.listen(0, '127.0.0.1'));
    await new Promise((resolve) => free.close(resolve));
    const found = await Promise.all([
      outcome(mailer(port)),
      outcome(mailer(await listening(rude.listen(0, '127.0.0.1')))),
      outcome(mailer(await listening(silent.listen(0, '127.0.0.1')))),
    ]);
    expect(found).toEqual(Array.from({ length: 3 }, () => 'mail.relay_away'));
  });
});

describe('the inbox of the mails that were caught on this machine', () => {
  const SCRIPT = '<script>alert(1)</script>';
  let folder: string;
  let relay: TestRelay;
  let inbox: ReturnType<typeof mailInbox>;
  let port: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'domicile-inbox-'));
    relay = await new TestRelay(join(folder, 'mail')).start();
    inbox = mailInbox(relay.folder, `<b>European</b> & "Union"`).listen(0, '127.0.0.1');
    await new Promise((resolve) => inbox.once('listening', resolve));
    port = (inbox.address() as { port: number }).port;
  });
  afterAll(async () => {
    await relay?.stop();
    await new Promise((resolve) => inbox?.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, { host = `127.0.0.1:${port}`, method = 'GET' } = {}): Promise<Answer> =>
    ask({ port, path, method, headers: { host } });
  /** Sends a mail through the relay as the worker does. */
  async function caught(change: Partial<Mail>): Promise<string> {
    const base = { region: 'eu', host: '127.0.0.1', encryption: undefined, ca: undefined, login: undefined };
    const mailer = new SmtpMailer([{ ...base, port: relay.port }], 1);
    await mailer.send(eu, { ...mail, ...change });
    mailer.close();
    return relay.received.at(-1)!;
  }

  it('is empty at first, and shows each mail: in a list, as it looks and as it came', async () => {
    expect((await get('/')).text).toContain('None has come yet.');
    const [first, second] = [
      await caught({ messageId: 'obx_1@eu.localhost', subject: 'Your first code', to: 'ada@example.org' }),
      await caught({
        messageId: 'obx_2@eu.localhost',
        subject: 'Your second code',
        text: 'Grüße: 12345678',
        html: '<p>Grüße: <b>12345678</b></p>',
      }),
    ];
    const list = await get('/');
    expect([list.status, list.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    for (const words of ['Your first code', 'Your second code', 'ada@example.org']) expect(list.text).toContain(words);
    for (const file of [first, second]) {
      expect(list.text).toContain(`href="/${file}/page"`);
      expect(list.text).toContain(`href="/${file}"`);
    }
    const page = await get(`/${second}/page`);
    expect([page.status, page.headers['content-type'], page.text.trim()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<p>Grüße: <b>12345678</b></p>',
    ]);
    const source = await get(`/${second}`);
    expect([source.status, source.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(source.text).toMatch(/^Message-ID: <obx_2@eu\.localhost>\r$/im);
    expect((await get(`/${second}/page`, { method: 'HEAD' })).text).toBe('');
    expect((await get('/', { host: `localhost:${port}` })).status).toBe(200);
  });

  it('lets nothing of a mail or a name become a part of its own page, and nothing of a mail run', async () => {
    const file = await caught({
      messageId: 'obx_3@eu.localhost',
      html: `<p>Hello</p>${SCRIPT}<img src="http://a.example/x">`,
    });
    const raw = `Subject: ${SCRIPT} "x" & y\r\nTo: "<i>"@example.org\r\nDate: <u>today</u>\r\n\r\nHello`;
    writeFileSync(join(relay.folder, 'planted.eml'), raw);
    const list = await get('/');
    expect(list.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;x&quot; &amp; y');
    expect(list.text).toContain('Mails of &lt;b&gt;European&lt;/b&gt; &amp; &quot;Union&quot;');
    expect(list.text).not.toMatch(/<script|<i>|<u>|<b>/);
    // As it looks it is a document of its own, to which a browser lets nothing: no script, no image, no form, no frame, no origin.
    const page = await get(`/${file}/page`);
    expect(page.text).toContain(SCRIPT);
    for (const answer of [list, page, await get(`/${file}`), await get('/nothing')])
      expect(answer.headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; sandbox allow-popups",
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
  });

  it('is read from this machine by its own name alone, and gives nothing but mails of its folder', async () => {
    const file = await caught({ messageId: 'obx_4@eu.localhost' });
    writeFileSync(join(folder, 'outside.eml'), 'c4n4ry');
    writeFileSync(join(relay.folder, 'notes.txt'), 'c4n4ry');
    writeFileSync(join(relay.folder, '.draft.eml'), 'c4n4ry');
    // The name that a stranger's page goes by, made to lead here.
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`, `[::1]:${port}`])
      expect([host, (await get(`/${file}`, { host })).status]).toEqual([host, 421]);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect([method, (await get(`/${file}`, { method })).status]).toEqual([method, 405]);
    for (const path of [
      '/../outside.eml',
      '/%2e%2e/outside.eml',
      '/..%2foutside.eml',
      '/../outside.eml/page',
      '/notes.txt',
      '/.draft.eml',
      `/${file}/`,
      `/${file}?x`,
      `//${file}`,
      '/obx_none.eml',
      `/${file.replace('.eml', '')}`,
    ]) {
      const answer = await get(path);
      expect([path, answer.status, answer.text]).toEqual([path, 404, 'There is no such mail.']);
    }
    expect((await get(`/${file}`)).status).toBe(200);
    expect((await get('/')).text).not.toContain('draft');
  });
});
