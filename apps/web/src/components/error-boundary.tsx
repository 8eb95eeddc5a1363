import { Button, Paper, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { LANGUAGES } from '../i18n/catalogues.js';
import { LAST_RESORT } from '../i18n/last-resort.js';
import { Sheet } from './sheet.js';

/** Names of the errors with which browsers say that a part of the page is gone: there was a deployment meanwhile. */
const GONE = /dynamically imported module|module script failed|Unable to preload/i;

interface State {
  readonly failure: 'none' | 'stale' | 'crash';
}

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** True around the words themselves: what has failed may be just these. */
  readonly speechless?: boolean;
}

/** What is shown when a page fails: words and a way on, never an empty page. Nothing is reported anywhere. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { failure: 'none' };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof Error && GONE.test(error.message) ? 'stale' : 'crash' };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === 'none') return this.props.children;
    return this.props.speechless ? <Speechless /> : <Failure failure={failure} />;
  }
}

function Failure({ failure }: { readonly failure: 'stale' | 'crash' }) {
  const t = useTranslations('common');
  return (
    <Sheet title={t(`${failure}Title`)} lead={t(`${failure}Text`)}>
      <Button onClick={() => location.reload()}>{t('reload')}</Button>
    </Sheet>
  );
}

function Speechless() {
  return (
    <main className="calm">
      <Paper className="sheet" withBorder p="xl">
        <Stack gap="lg">
          {LANGUAGES.map((language) => (
            <Text key={language} lang={language}>
              {LAST_RESORT[language].text}
            </Text>
          ))}
          <Button onClick={() => location.reload()}>
            {LANGUAGES.map((each) => LAST_RESORT[each].reload).join(' · ')}
          </Button>
        </Stack>
      </Paper>
    </main>
  );
}
