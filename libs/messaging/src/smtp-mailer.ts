import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Region } from '@domicile/residency';
import SmtpPool from 'nodemailer/lib/smtp-pool';
import { type Mail, MAIL_FAILURES, MailError, type MailFailure, type Mailer } from './mailer.js';
import { mimeMessage, type MimeMessage } from './mime-message.js';

/** How to reach the relay of one region. `password` is a secret: it goes to the relay, encrypted, and nowhere else. */
export interface Relay {
  readonly region: string;
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS, without which nothing is said. Absent only for a relay on this machine. */
  readonly encryption: 'tls' | 'starttls' | undefined;
  /** PEM of the CA that the relay's certificate must come from; that of the system's where it is undefined. */
  readonly ca: string | undefined;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

/** How long one mail may take altogether, whatever phase the relay is slow in. */
export const SEND_MILLISECONDS_MAX = 15_000;
const CONNECT_MILLISECONDS_MAX = 5_000;
const SILENCE_MILLISECONDS_MAX = 10_000;
/** Shorter than a relay's patience, so that a connection that it has closed is seldom tried. */
const IDLE_MILLISECONDS_MAX = 5_000;
const REPLY_BYTES_MAX = 64 * 1024;

/**
 * The relays of the served regions, each with a pool of connections of its own: a mail goes to the relay of its region or nowhere.
 * A relay on another machine is spoken to in TLS alone, and only when its certificate holds.
 */
export class SmtpMailer implements Mailer {
  readonly #pools: ReadonlyMap<string, SmtpPool>;

  /** @param connectionsMax of each region at once */
  constructor(relays: readonly Relay[], connectionsMax: number) {
    this.#pools = new Map(relays.map((relay) => [relay.region, poolOf(relay, connectionsMax)]));
  }

  async send(region: Region, mail: Mail): Promise<void> {
    const pool = this.#pools.get(region.code);
    if (!pool) throw new Error(`This process has no relay of region ${region.code}; it must not send its mail.`);
    const message = mimeMessage(region, mail);
    try {
      await handedOver(pool, message, AbortSignal.timeout(SEND_MILLISECONDS_MAX));
    } catch (error) {
      throw new MailError(failureOf(error));
    }
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }
}

/**
 * Gives a pool a message that is written already, as nodemailer gives one that it wrote to a transport (its interface for those): what it
 * does before, for mails of any making, takes longer than to send ours.
 */
function handedOver(pool: SmtpPool, { envelope, raw }: MimeMessage, signal: AbortSignal): Promise<void> {
  const message = {
    getEnvelope: () => ({ from: envelope.from, to: [...envelope.to] }),
    // For its log, which is off.
    messageId: () => '',
    getHeader: () => '',
    createReadStream: () =>
      new Readable({
        read() {
          this.push(raw, 'latin1');
          this.push(null);
        },
      }),
  };
  return new Promise((resolve, reject) => {
    pool.send({ data: { signal }, message } as unknown as Sendable, (error) => (error ? reject(error) : resolve()));
  });
}

/** Of a `MailMessage` a pool reads `data.signal` and these functions of `message`. */
type Sendable = Parameters<SmtpPool['send']>[0];

function poolOf({ host, port, encryption, ca, login }: Relay, connectionsMax: number): SmtpPool {
  return new SmtpPool({
    maxConnections: connectionsMax,
    maxMessages: Infinity,
    // What was begun on a connection that broke may have arrived: whether it is sent again is for the outbox to say.
    maxRequeues: 0,
    idleTimeout: IDLE_MILLISECONDS_MAX,
    host,
    port,
    // Ours alone looks the name up as the rest of the process does, and connects to what the settings name.
    getSocket: (_options: unknown, callback: SocketCallback) => connected(host, port, callback),
    secure: encryption === 'tls',
    ...(encryption === 'starttls' ? { requireTLS: true } : {}),
    ...(encryption === undefined ? { ignoreTLS: true } : {}),
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    connectionTimeout: CONNECT_MILLISECONDS_MAX,
    greetingTimeout: CONNECT_MILLISECONDS_MAX,
    socketTimeout: SILENCE_MILLISECONDS_MAX,
    maxResponseSize: REPLY_BYTES_MAX,
    logger: false,
  });
}

type SocketCallback = (error: Error | null, found: { readonly connection: Socket } | false) => void;

function connected(host: string, port: number, callback: SocketCallback): void {
  const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
  const timer = setTimeout(
    () => socket.destroy(new Error('The relay did not answer in time.')),
    CONNECT_MILLISECONDS_MAX,
  );
  const failed = (error: Error): void => {
    clearTimeout(timer);
    callback(Object.assign(error, { code: 'ECONNECTION' }), false);
  };
  socket.once('error', failed);
  socket.once('connect', () => {
    clearTimeout(timer);
    socket.off('error', failed);
    callback(null, { connection: socket });
  });
}

const FAILURES: Readonly<Record<string, MailFailure>> = {
  ETLS: MAIL_FAILURES.untrusted,
  EAUTH: MAIL_FAILURES.login,
  ENOAUTH: MAIL_FAILURES.login,
};

/** What OpenSSL and Node say of a certificate or a handshake; what the system says of a connection has no underscore. */
const OF_TLS = /^(?:EPROTO|ERR_(?:TLS|SSL)_\w+|(?!ERR_)[A-Z]+(?:_[A-Z]+)+)$/;

/** Of nodemailer's error the code and the reply's number alone. A refused sender is no fault of the mail, so it is tried again. */
function failureOf(error: unknown): MailFailure {
  const { code, originalCode, responseCode, command } = error as Record<
    'code' | 'originalCode' | 'command',
    unknown
  > & {
    readonly responseCode?: number;
  };
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    const isForGood = responseCode !== undefined && responseCode >= 500 && responseCode <= 599;
    return isForGood && command !== 'MAIL FROM' ? MAIL_FAILURES.refused : MAIL_FAILURES.deferred;
  }
  if (typeof originalCode === 'string' && OF_TLS.test(originalCode)) return MAIL_FAILURES.untrusted;
  return FAILURES[String(code)] ?? MAIL_FAILURES.away;
}
