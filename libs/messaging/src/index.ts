/** Messaging (floor 1): the outbox, what carries it out, and the way out for mail. Recipients come through a handler: it knows no person. */
export { EmlFolder } from './eml-folder.js';
export { LANGUAGES, type Language, type Letter, type LetterPart, letterText } from './letter.js';
export { type Mail, type Mailer, mailHost } from './mailer.js';
export { MessagingModule, type MessagingOptions } from './messaging.module.js';
export { Outbox, type ClaimedItem } from './outbox.js';
export { OutboxDrain, type OutboxHandler } from './outbox-drain.js';
export { OutboxItem } from './outbox-item.entity.js';
import { OutboxItem } from './outbox-item.entity.js';

/** Tables of this library, for migrations and the catalogue test. */
export const MESSAGING_ENTITIES = [OutboxItem] as const;
