import type { accountLog as english } from '../en/account-log.js';
import type { Words } from '../words.js';

export const accountLog = {
  title: 'Protokoll des Kontos',
  lead: 'Was damit geschah, wer in diesem Konto was darf, das Neueste zuerst. Niemand kann eine Zeile ändern oder entfernen.',
  events: 'Ereignisse',
  none: 'Noch ist nichts geschehen.',
  by: 'von {actor}',
  gone: 'jemandem, der nicht mehr zum Konto gehört',
  nobody: 'von niemandem: Zeit ist vergangen',
  pull: 'Für ein eigenes System',
  pullLead:
    'Ein System, das solche Zeilen sammelt, holt sie mit einem API-Token für das Protokoll ab, die älteste zuerst, ein JSON-Objekt je Zeile. Es sendet die Kennung seiner letzten Zeile als „cursor“ und verpasst keine.',
  kinds: {
    account: {
      renamed: 'Das Konto bekam einen anderen Namen',
      closing_asked: 'Das Schließen des Kontos wurde verlangt',
      closing_undone: 'Das Schließen des Kontos wurde zurückgenommen',
    },
    billing: { changed: 'Die Rechnungsangaben wurden geändert' },
    policy: { changed: 'Die Anmelderegeln wurden geändert' },
    invitation: {
      made: 'Jemand wurde eingeladen',
      revoked: 'Eine Einladung wurde widerrufen',
      accepted: 'Eine Einladung wurde angenommen',
      declined: 'Eine Einladung wurde abgelehnt',
    },
    membership: {
      role_changed: 'Eine Rolle wurde geändert',
      removed: 'Eine Person wurde entfernt',
      left: 'Eine Person hat das Konto verlassen',
    },
    ownership: { transferred: 'Das Konto wurde übergeben' },
    token: { made: 'Ein API-Token wurde angelegt', revoked: 'Ein API-Token wurde widerrufen' },
    domain: {
      claimed: 'Eine Mail-Domain wurde hinzugefügt',
      verified: 'Eine Mail-Domain wurde bestätigt',
      missing: 'Der Eintrag einer Mail-Domain wurde nicht gefunden',
      lapsed: 'Eine Mail-Domain ist nicht mehr bestätigt',
      removed: 'Eine Mail-Domain wurde entfernt',
    },
    provider: {
      set: 'Die eigene Anmeldung des Kontos wurde eingerichtet',
      removed: 'Die eigene Anmeldung des Kontos wurde entfernt',
      linked: 'Eine Person wurde mit der eigenen Anmeldung des Kontos verbunden',
    },
  },
} satisfies Words<typeof english>;
