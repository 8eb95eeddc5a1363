import type { account as english } from '../en/account.js';
import type { Words } from '../words.js';

export const account = {
  nav: {
    label: 'Hauptmenü',
    open: 'Menü öffnen',
    close: 'Menü schließen',
    overview: 'Übersicht',
    people: 'Personen',
    billing: 'Abrechnung',
    tokens: 'API-Tokens',
    settings: 'Kontoeinstellungen',
    log: 'Protokoll des Kontos',
    residency: 'Wo Ihre Daten sind',
    you: 'Sie',
    profile: 'Profil',
    security: 'Sicherheit',
    sessions: 'Sitzungen',
    preferences: 'Einstellungen',
    yourLog: 'Ihr Sicherheitsprotokoll',
    switch: 'Anderes Konto',
  },
} satisfies Words<typeof english>;
