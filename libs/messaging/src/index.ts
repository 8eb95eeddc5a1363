/** Messaging (floor 1): the outbox, what carries it out, and the way out for mail. Recipients come through a handler: it knows no person. */
export { LANGUAGES, type Language, type Letter, type LetterPart } from './letter.js';
export { type RenderedLetter, renderLetter } from './letter-template.js';
export { Letters, type OutboxBatchHandler, type OutboxHandler, type Written } from './letters.js';
export { type Mail, MAIL_FAILURES, MailError, type MailFailure, type Mailer, mailHost } from './mailer.js';
export { type MailingOptions, MessagingModule } from './messaging.module.js';
export { Outbox, type Claim, type ClaimedItem, type OutboxId } from './outbox.js';
export { OutboxDrain, PARALLEL_SENDS } from './outbox-drain.js';
export { OutboxInspection, type OutboxState } from './outbox-inspection.js';
export { OutboxItem } from './outbox-item.entity.js';
export { type Relay, SmtpMailer } from './smtp-mailer.js';
import { OutboxItem } from './outbox-item.entity.js';

/** Tables of this library, for migrations and the catalogue test. */
export const MESSAGING_ENTITIES = [OutboxItem] as const;
