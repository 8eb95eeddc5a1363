import { createContext, type ReactNode, startTransition, use, useCallback, useEffect, useMemo, useState } from 'react';
import { IntlProvider, useTimeZone } from 'use-intl';
import { areaOf, baseOf, type Language, LANGUAGES } from './catalogues.js';

/** Remembered in this browser: a language and nothing else; forgotten at sign-out. */
const KEY = 'domicile.language';

/** What the clock of this device is set to. */
export const deviceTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What stands in the preferences of whoever has chosen no time zone. */
const STANDARD_ZONE = 'UTC';

interface Preferred {
  readonly language: Language;
  /** IANA. */
  readonly timeZone: string;
}

interface Choice {
  readonly language: Language;
  /** By hand, in this browser: remembered here. */
  readonly choose: (language: Language) => void;
  /** As the person prefers who is signed in. Her language yields to what was chosen by hand in this browser. */
  readonly prefer: (preferred: Preferred) => void;
}

const ChoiceContext = createContext<Choice | null>(null);

/** The language that pages speak, and how to change it. */
export function useLanguage(): Choice {
  return use(ChoiceContext)!;
}

/** Speaks the language that was chosen here, else the first of the browser's that there are words for, else English. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const [timeZone, setTimeZone] = useState(deviceTimeZone);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = useCallback((wished: Language) => {
    remember(wished);
    // The page stays as it is until the words are there.
    startTransition(() => setLanguage(wished));
  }, []);
  const prefer = useCallback((preferred: Preferred) => {
    startTransition(() => {
      if (remembered() === null) setLanguage(preferred.language);
      setTimeZone(preferred.timeZone === STANDARD_ZONE ? deviceTimeZone : preferred.timeZone);
    });
  }, []);
  const choice = useMemo(() => ({ language, choose, prefer }), [language, choose, prefer]);
  return (
    <ChoiceContext value={choice}>
      <IntlProvider locale={localeOf(language)} messages={use(baseOf(language))} timeZone={timeZone}>
        {children}
      </IntlProvider>
    </ChoiceContext>
  );
}

/** The same with the words of the account area. */
export function AreaWords({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage();
  const timeZone = useTimeZone();
  const messages = { ...use(baseOf(language)), ...use(areaOf(language)) };
  return (
    <IntlProvider locale={localeOf(language)} messages={messages} timeZone={timeZone}>
      {children}
    </IntlProvider>
  );
}

/** The language as this browser's reader writes it, for dates and numbers: the first of hers that is one of it. */
function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language;
}

/** The one that was chosen in this browser, else the first of its own that there are words for. */
export function firstLanguage(): Language {
  const wished = [remembered(), ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return wished.map((tag) => LANGUAGES.find((known) => known === tag)).find((known) => known !== undefined) ?? 'en';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is refused: nothing is remembered.
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // As above.
  }
}
