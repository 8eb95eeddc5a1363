import { createContext, type ReactNode, use, useEffect, useMemo, useState, useTransition } from 'react';
import { IntlProvider } from 'use-intl';
import { areaOf, baseOf, type Language, LANGUAGES, type Messages } from './catalogues.js';

/** Remembered in this browser: a language and nothing else; forgotten at sign-out. */
const KEY = 'domicile.language';

interface Choice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const ChoiceContext = createContext<Choice | null>(null);

/** The language that pages speak, and how to change it. */
export function useLanguage(): Choice {
  return use(ChoiceContext)!;
}

/** Speaks the language that was chosen here, else the first of the browser's that there are words for, else English. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const [, startTransition] = useTransition();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choice = useMemo(
    () => ({
      language,
      choose: (wished: Language) => {
        remember(wished);
        // The page stays as it is until the words are there.
        startTransition(() => setLanguage(wished));
      },
    }),
    [language],
  );
  return (
    <ChoiceContext value={choice}>
      <Spoken language={language} messages={use(baseOf(language)) as Messages}>
        {children}
      </Spoken>
    </ChoiceContext>
  );
}

/** The same with the words of the account area. */
export function AreaWords({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage();
  const messages = { ...use(baseOf(language)), ...use(areaOf(language)) };
  return (
    <Spoken language={language} messages={messages}>
      {children}
    </Spoken>
  );
}

function Spoken(props: { readonly language: Language; readonly messages: Messages; readonly children: ReactNode }) {
  const { language, messages, children } = props;
  return (
    <IntlProvider locale={language} messages={messages} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
      {children}
    </IntlProvider>
  );
}

function firstLanguage(): Language {
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
