import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Page } from './area-frame.js';

/** Inside of the frame, where a path leads nowhere: the menu is there to go on with. */
export function NoSuchPage() {
  const t = useTranslations('common');
  return (
    <Page title={t('notFoundTitle')}>
      <Text>{t('notFoundText')}</Text>
    </Page>
  );
}
