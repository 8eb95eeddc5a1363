import type { Language } from '@domicile/messaging';
import type { NoticedEventKind } from './events.js';

/** What a notice says in one language. */
export interface NoticeWords {
  /** @param region name of the region */
  readonly subject: (region: string) => string;
  readonly happened: Readonly<Record<NoticedEventKind, string>>;
  /** When, and from which country where that is known. */
  readonly where: (time: string, country: string | null) => string;
  readonly known: string;
  readonly unknown: string;
  readonly link: string;
}

/** Nothing in them is the person's but time and country. */
export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = {
  en: {
    subject: (region) => `Security notice from Domicile (${region})`,
    happened: {
      'session.began':
        'Somebody, hopefully you, signed in from a device or a country that we have not seen with you before.',
      'passkey.added': 'A passkey was added to your ways to sign in.',
      'passkey.removed': 'A passkey was removed from your ways to sign in.',
      'passkey.suspect': 'One of your passkeys was used in a way that a copy of it would be used. It was not accepted.',
      'totp.added': 'An authenticator app was added to your ways to sign in.',
      'totp.removed': 'An authenticator app was removed from your ways to sign in.',
      'recovery_codes.made': 'New recovery codes were made for you; those from before are worth nothing now.',
      'recovery_code.used': 'One of your recovery codes was used to sign in.',
      'account.token_made': 'An API token was made with your sign-in, for an account that you belong to.',
      'account.ownership_changed': 'The ownership of an account that you belong to was handed over with your sign-in.',
    },
    where: (time, country) => `It was at ${time}${country === null ? '' : `, from ${country}`}.`,
    known: 'If it was you, there is nothing to do.',
    unknown:
      'If it was not you, sign in, end all other sessions and change your password. Your security log shows more:',
    link: 'Domicile in this region',
  },
  de: {
    subject: (region) => `Sicherheitshinweis von Domicile (${region})`,
    happened: {
      'session.began':
        'Jemand, hoffentlich Sie, hat sich von einem Gerät oder aus einem Land angemeldet, das wir bei Ihnen noch nicht gesehen haben.',
      'passkey.added': 'Zu Ihren Anmeldewegen kam ein Passkey hinzu.',
      'passkey.removed': 'Von Ihren Anmeldewegen wurde ein Passkey entfernt.',
      'passkey.suspect':
        'Einer Ihrer Passkeys wurde so benutzt, wie eine Kopie von ihm benutzt würde. Er wurde nicht angenommen.',
      'totp.added': 'Zu Ihren Anmeldewegen kam eine Authenticator-App hinzu.',
      'totp.removed': 'Von Ihren Anmeldewegen wurde eine Authenticator-App entfernt.',
      'recovery_codes.made': 'Für Sie wurden neue Wiederherstellungscodes erzeugt; die bisherigen gelten nicht mehr.',
      'recovery_code.used': 'Einer Ihrer Wiederherstellungscodes wurde zur Anmeldung benutzt.',
      'account.token_made': 'Mit Ihrer Anmeldung wurde ein API-Token für ein Konto erzeugt, zu dem Sie gehören.',
      'account.ownership_changed':
        'Mit Ihrer Anmeldung wurde ein Konto, zu dem Sie gehören, an jemand anderen übergeben.',
    },
    where: (time, country) => `Das war um ${time}${country === null ? '' : `, Land: ${country}`}.`,
    known: 'Waren Sie das, ist nichts zu tun.',
    unknown:
      'Waren Sie es nicht, melden Sie sich an, beenden Sie alle anderen Sitzungen und ändern Sie Ihr Passwort. Mehr zeigt Ihr Sicherheitsprotokoll:',
    link: 'Domicile in dieser Region',
  },
};
