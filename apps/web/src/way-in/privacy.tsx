import { Alert, Button, Center, Loader, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { answered, api } from '../api/client.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Sheet } from '../components/sheet.js';
import { useLoaded } from '../components/use-loaded.js';
import { useLanguage } from '../i18n/language.js';

const currentPolicy = async () => {
  const [policy, { Markdown }] = await Promise.all([
    answered(api.GET('/v1/policies/current')),
    import('./markdown.js'),
  ]);
  return { policy, Markdown };
};
type Loaded = Awaited<ReturnType<typeof currentPolicy>>;

/** The privacy notice in force: in the language of the page, where there is one to read by, with the way to the English one that binds. */
export function Privacy() {
  const t = useTranslations('wayIn.privacy');
  const { value: notice, problem, reload } = useLoaded(currentPolicy);
  return (
    <Sheet title={t('title')} wide>
      <ProblemAlert problem={problem} onRetry={reload} />
      {!problem && (notice ? <Notice {...notice} /> : <Waiting />)}
    </Sheet>
  );
}

function Notice({ policy: { text, translations }, Markdown }: Loaded) {
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
