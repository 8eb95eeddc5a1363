import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Region } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import { emlMessage } from './eml.js';
import type { Mail, Mailer } from './mailer.js';

/**
 * The first mail transport: one `.eml` file a mail in the region's own folder (0700, files 0600), for development and tests.
 * The file is named after the message id, so a repeated send replaces it and no address stands in a name; it appears whole or not at
 * all, and is on disk when `send` returns.
 */
export class EmlFolder implements Mailer {
  /** @param folders served region's code to its mail folder; made at the first mail */
  constructor(
    private readonly folders: ReadonlyMap<string, string>,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when the region has no folder here, the mail is malformed or the disk refuses */
  async send(region: Region, mail: Mail): Promise<void> {
    const folder = this.folders.get(region.code);
    if (folder === undefined)
      throw new Error(`This process has no mail folder for region ${region.code}; it must not send its mail.`);
    const message = emlMessage(region, mail, this.clock.now());
    const name = `${mail.messageId.replace(/@.*$/, '').replace(/[^A-Za-z0-9_-]/g, '_')}.eml`;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `.${name}.${process.pid}.new`);
    try {
      await writeDurably(draft, message);
      await rename(draft, join(folder, name));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await syncFolder(folder);
  }
}

async function writeDurably(file: string, content: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without it the machine's power failing right now could take the name away again. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
