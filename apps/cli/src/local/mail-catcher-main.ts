import type { AddressInfo } from 'node:net';
import { MailCatcher } from './mail-catcher.js';
import { mailInbox } from './mail-inbox.js';

/** The catcher of one region as a process: `mail-catcher-main.js FOLDER REGION-NAME INBOX-PORT`. */
process.umask(0o077);
const [folder = '', region = '', inboxPort = '0'] = process.argv.slice(2);
const smtpPort = await new MailCatcher(folder).listen();
const inbox = mailInbox(folder, region);
await new Promise<void>((resolve, reject) => {
  inbox.once('error', reject).listen(Number(inboxPort), '127.0.0.1', resolve);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
const { port } = inbox.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ event: 'mail.listening', smtpPort, inboxPort: port })}\n`);
