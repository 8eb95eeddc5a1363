import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Contexts, type Id, IdCodec, type Region, type Regions } from '@domicile/residency';
import { BlindIndex, RegionKeys } from '@domicile/vault';
import type { SMTPServerOptions } from 'smtp-server';
import { MailCatcher } from '../../apps/cli/src/local/mail-catcher.js';
import { receivedMail } from '../../apps/cli/src/local/received-mail.js';
import { INVITATION_CODE } from '../../libs/accounts/src/invitations/invitation-mail.js';
import { SIGNUP_CODE } from '../../libs/accounts/src/signup-mail.js';

/** A mail that a region has sent. */
export interface SentMail {
  readonly file: string;
  /** Permission bits. */
  readonly mode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

/** Mails that were read before, by what their file was: waiting for one more reads only that. */
const known = new Map<string, SentMail>();

/** Every mail of that folder. */
export function sentMails(folder: string): SentMail[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml') && !name.startsWith('.'))
    .map((name) => {
      const file = join(folder, name);
      const { mode, ino, size, mtimeMs } = statSync(file);
      const as = [file, mode, ino, size, mtimeMs].join(' ');
      const mail = known.get(as) ?? { file, mode: mode & 0o777, ...receivedMail(readFileSync(file, 'utf8')) };
      known.set(as, mail);
      return mail;
    });
}

/** @throws Error when the mail has no such line, or more than one */
export function digitsOf({ text, file }: SentMail): string {
  const lines = text.split('\r\n').filter((line) => /^\d{8}$/.test(line));
  if (lines.length !== 1) throw new Error(`${file} has ${lines.length} lines of eight digits.`);
  return lines[0]!;
}

/** The eight digits of a signup or an invitation as its mail says them, from the region's key: for tests that need a code and no mail. */
export function mailedCode(regions: Regions, region: Region, keysDir: string, id: string): Promise<string> {
  const ids = new IdCodec(regions);
  const index = new BlindIndex(new RegionKeys([{ region: region.code, keysDir }]));
  return new Contexts(ids, regions, [region], 10_000).run(
    { region, actor: { kind: 'job', name: 'test' } },
    async (ctx) => index.code(ctx, id.startsWith('inv_') ? INVITATION_CODE : SIGNUP_CODE, id as Id),
  );
}

/** A relay on loopback that keeps its mails in that folder, as that of `npm start`. */
export class TestRelay {
  port = 0;
  /** File names of the mails in the order in which they came, one for each time. */
  readonly received: string[] = [];
  #catcher: MailCatcher | undefined;

  constructor(
    readonly folder: string,
    private readonly options: Partial<SMTPServerOptions> = {},
  ) {}

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Again on the same port after {@link stop}. */
  async start(): Promise<this> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.#catcher = new MailCatcher(this.folder, { closeTimeout: 100, ...this.options }, (file) =>
      this.received.push(file),
    );
    this.port = await this.#catcher.listen(this.port);
    return this;
  }

  async stop(): Promise<void> {
    await this.#catcher?.close();
    this.#catcher = undefined;
  }
}
