import { createServer, type Server } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Mail, type Relay, SmtpMailer } from '@domicile/messaging';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type Authority, authority } from '../support/authority.js';
import { eu, us } from '../support/databases.js';

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
