import { PERSONAL_FIELDS } from '@domicile/api-client';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '../api/problem.js';
import { useLanguage } from '../i18n/language.js';
import { type Purpose, PURPOSES_DE } from '../i18n/purposes.js';

/** A longer wait is said in minutes. */
const SECONDS_AT_MOST = 90;

/** Words for refusals, by their codes; what has no words of its own gets those for everything else. */
export function useProblemWords() {
  const t = useTranslations('problems');
  // Codes are data here: the catalogue's type proves that those that a page can meet are there.
  const say = t as unknown as ((key: string, values?: Record<string, string | number>) => string) & {
    has: (key: string) => boolean;
  };
  return {
    /** One or two sentences. */
    sentence: (problem: ApiProblem): string => {
      const words = say.has(problem.code) ? say(problem.code) : say('fallback');
      const seconds = problem.retryAfterSeconds;
      if (seconds === undefined) return words;
      // Rounded up: who comes back when it says so is not too early.
      const minutes = Math.ceil(seconds / 60);
      const wait = seconds > SECONDS_AT_MOST ? say('waitMinutes', { minutes }) : say('waitSeconds', { seconds });
      return `${words} ${wait}`;
    },
    /** What is wrong with a field; undefined when nothing is. */
    field: (problem: ApiProblem | undefined, pointer: string): string | undefined => {
      const code = problem?.field(pointer);
      if (code === undefined) return undefined;
      return say.has(`field.${code}`) ? say(`field.${code}`) : say('field.fallback');
    },
    /** For whoever is asked for help; undefined where the answer named no request. */
    requestId: (problem: ApiProblem): string | undefined =>
      problem.document.requestId === undefined ? undefined : say('requestId', { id: problem.document.requestId }),
  };
}

type Sets = typeof PERSONAL_FIELDS;

/** What a personal field declares of itself: why it is asked for, in the reader's language, and whether it may be left out. */
export function usePersonalField<S extends keyof Sets>(set: S, field: keyof Sets[S]) {
  const t = useTranslations('common');
  const { language } = useLanguage();
  const { purpose, optional } = PERSONAL_FIELDS[set][field] as { purpose: Purpose; optional: boolean };
  return { why: t('why', { purpose: language === 'de' ? PURPOSES_DE[purpose] : purpose }), optional };
}
