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
      'provider.linked':
        'You signed in with the provider of an account that you belong to, for the first time. From now on, whoever is you there comes into that account as you.',
      'account.provider_changed':
        'The provider that people sign in with, into an account of which you are an owner, was changed or removed.',
      'account.domain_missing':
        'The DNS record that verifies a mail domain of an account of which you are an owner was not found. If it does not come back within seven days, the domain is no longer verified, and nobody can sign in with the provider under it.',
      'account.domain_lapsed':
        'A mail domain of an account of which you are an owner is no longer verified, as its DNS record was gone for seven days. Nobody can sign in with the provider under it.',
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
      'provider.linked':
        'Sie haben sich zum ersten Mal über den Anbieter eines Kontos angemeldet, zu dem Sie gehören. Wer dort Sie ist, kommt von jetzt an als Sie in dieses Konto.',
      'account.provider_changed':
        'Der Anbieter, über den sich Menschen bei einem Konto anmelden, das Ihnen gehört, wurde geändert oder entfernt.',
      'account.domain_missing':
        'Der DNS-Eintrag, der eine Mail-Domain eines Kontos bestätigt, das Ihnen gehört, wurde nicht gefunden. Kommt er nicht innerhalb von sieben Tagen zurück, ist die Domain nicht mehr bestätigt, und niemand kann sich unter ihr über den Anbieter anmelden.',
      'account.domain_lapsed':
        'Eine Mail-Domain eines Kontos, das Ihnen gehört, ist nicht mehr bestätigt, weil ihr DNS-Eintrag sieben Tage lang fehlte. Niemand kann sich unter ihr über den Anbieter anmelden.',
    },
    where: (time, country) => `Das war um ${time}${country === null ? '' : `, Land: ${country}`}.`,
    known: 'Waren Sie das, ist nichts zu tun.',
    unknown:
      'Waren Sie es nicht, melden Sie sich an, beenden Sie alle anderen Sitzungen und ändern Sie Ihr Passwort. Mehr zeigt Ihr Sicherheitsprotokoll:',
    link: 'Domicile in dieser Region',
  },
};
