import type { Region, RegionContext } from '@domicile/residency';
import type { ClaimedItem, Letter } from '@domicile/messaging';
import type { Vault } from '@domicile/vault';
import { countryWords } from '../origin/country.js';
import { NOWHERE, PERSON_EVENT_ORIGIN } from '../origin/origin.js';
import { utc } from '../letters.js';
import type { Mailbox, PersonMailboxes } from '../person-mailbox.js';
import type { EventRepository } from './event.repository.js';
import { NOTICED_EVENTS, type NoticedEventKind } from './events.js';
import { NOTICE_WORDS } from './notice-words.js';
import type { PersonEvent } from './person-event.entity.js';

/** What a notice is about. */
export interface Noticed {
  readonly kind: NoticedEventKind;
  readonly at: Date;
  /** ISO 3166-1 code; null when it is not known. */
  readonly country: string | null;
}

/** Writes the mail about a line of a person's security log, from the line as it stands when the mail is sent. */
export class NoticeMail {
  constructor(
    private readonly events: EventRepository,
    private readonly vault: Vault,
    private readonly mailboxes: PersonMailboxes,
  ) {}

  /** The mail of a claimed item; null when there is nobody left to tell. */
  async compose(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const id = item.subjectId as PersonEvent['id'];
    const row = await this.events.noticed(ctx, id);
    if (!row || !isNoticed(row.kind)) return null;
    const { personId: subject, sealed } = row;
    const mailbox = await this.mailboxes.of(ctx, subject);
    if (!mailbox) return null;
    const origin = { subject, row: id, set: PERSON_EVENT_ORIGIN };
    const { country } = sealed === null ? NOWHERE : await this.vault.open(ctx, { ...origin, sealed });
    return noticeLetter(ctx.region, mailbox, { kind: row.kind, at: row.createdAt, country });
  }
}

/** The letter in a language. It quotes nothing of the person's but time and country. */
export function noticeLetter(region: Region, { to, language }: Mailbox, { kind, at, country }: Noticed): Letter {
  const words = NOTICE_WORDS[language];
  const time = utc(at);
  return {
    to,
    language,
    subject: words.subject(region.name),
    parts: [
      { kind: 'text', text: `${words.happened[kind]}\n${words.where(time, countryWords(country, language))}` },
      { kind: 'text', text: `${words.known}\n${words.unknown}` },
      { kind: 'link', href: region.origins.customer, text: words.link },
    ],
  };
}

function isNoticed(kind: string): kind is NoticedEventKind {
  return kind === 'session.began' || (NOTICED_EVENTS as readonly string[]).includes(kind);
}
