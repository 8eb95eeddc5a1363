import { Alert, Button, Center, Loader, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Sheet } from '../components/sheet.js';
import { useLoaded } from '../components/use-loaded.js';
import { useLanguage } from '../i18n/language.js';

const Markdown = lazy(async () => ({ default: (await import('./markdown.js')).Markdown }));
const currentPolicy = () => answered(api.GET('/v1/policies/current'));

/** The privacy notice in force: in the language of the page, where there is one to read by, with the way to the English one that binds. */
export function Privacy() {
  const t = useTranslations('wayIn.privacy');
  const { value: policy, problem, reload } = useLoaded(currentPolicy);
  return (
    <Sheet title={t('title')} wide>
      <ProblemAlert problem={problem} onRetry={reload} />
      {!problem && <Suspense fallback={<Waiting />}>{policy ? <Notice policy={policy} /> : <Waiting />}</Suspense>}
    </Sheet>
  );
}

function Notice({ policy: { text, translations } }: { readonly policy: Schemas['PolicyView'] }) {
  const t = useTranslations('wayIn.privacy');
  const { language } = useLanguage();
  const [isOriginal, setIsOriginal] = useState(false);
  const translation = translations.find((each) => each.language === language);
  if (!translation) return <Markdown text={text} language="en" />;
  return (
    <>
      <Alert variant="light">
        <Text size="sm">{t('translated')}</Text>
        <Button mt="sm" size="xs" variant="default" onClick={() => setIsOriginal(!isOriginal)}>
          {t(isOriginal ? 'showTranslation' : 'showOriginal')}
        </Button>
      </Alert>
      {isOriginal ? <Markdown text={text} language="en" /> : <Markdown {...translation} />}
    </>
  );
}

function Waiting() {
  return (
    <Center mih="6rem">
      <Loader />
    </Center>
  );
}
