import { useFormatter, useTranslations } from 'use-intl';
import { useLanguage } from '../i18n/language.js';

interface Origin {
  /** As the API says it: `Firefox on Windows`. */
  readonly device: string | null;
  /** ISO 3166-1. */
  readonly country: string | null;
}

/** Device and country of a session or an event, in the reader's language. */
export function useWhere() {
  const t = useTranslations('person.where');
  const { language } = useLanguage();
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const format = useFormatter();
  return {
    device: ({ device }: Origin): string => {
      const [browser, system] = device?.split(' on ') ?? [];
      if (browser === undefined) return t('unknownDevice');
      return system === undefined ? browser : t('device', { browser, system });
    },
    country: ({ country }: Origin): string => (country === null ? t('unknownCountry') : (names.of(country) ?? country)),
    time: (at: string): string => format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'short' }),
  };
}
