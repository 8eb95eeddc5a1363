import { type RefObject, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../i18n/language.js';

/**
 * The one heading of a page: focused as it appears, so that readers begin there, and named in the tab.
 * @param tab what the tab says, where the heading itself says something of somebody
 */
export function useHeading(title: string, tab = title): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const brand = useTranslations('common')('brand');
  const { language } = useLanguage();
  const spoken = useRef(language);
  useEffect(() => {
    // Other words are no other page: whoever chooses a language stays where she is.
    if (spoken.current === language) heading.current?.focus();
    spoken.current = language;
  }, [title, language]);
  useEffect(() => {
    document.title = `${tab} – ${brand}`;
  }, [tab, brand]);
  return heading;
}
