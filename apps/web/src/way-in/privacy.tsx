import { Center, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { answered, api } from '../api/client.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Sheet } from '../components/sheet.js';
import { useLoaded } from '../components/use-loaded.js';

const Markdown = lazy(async () => ({ default: (await import('./markdown.js')).Markdown }));
const currentPolicy = () => answered(api.GET('/v1/policies/current'));

/** The privacy notice in force. It is written in English, whatever the page speaks. */
export function Privacy() {
  const t = useTranslations('wayIn.privacy');
  const { value: policy, problem, reload } = useLoaded(currentPolicy);
  return (
    <Sheet title={t('title')} wide>
      <ProblemAlert problem={problem} onRetry={reload} />
      {!problem && <Suspense fallback={<Waiting />}>{policy ? <Markdown text={policy.text} /> : <Waiting />}</Suspense>}
    </Sheet>
  );
}

function Waiting() {
  return (
    <Center mih="6rem">
      <Loader />
    </Center>
  );
}
