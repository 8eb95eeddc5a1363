import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Sheet } from './sheet.js';

/** Names of the errors with which browsers say that a part of the page is gone: there was a deployment meanwhile. */
const GONE = /dynamically imported module|module script failed|Unable to preload/i;

interface State {
  readonly failure: 'none' | 'stale' | 'crash';
}

/** What is shown when a page fails: words and a way on, never an empty page. Nothing is reported anywhere. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failure: 'none' };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof Error && GONE.test(error.message) ? 'stale' : 'crash' };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === 'none' ? this.props.children : <Failure failure={failure} />;
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
