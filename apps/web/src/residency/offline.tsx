import { Code, List } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Section } from '../components/section.js';

/** How to check a receipt without this page and without any of our servers. */
export function Offline() {
  const t = useTranslations('residency.offline');
  return (
    <Section title={t('title')} lead={t('lead')}>
      <List type="ordered" spacing="sm">
        <List.Item>{t('one')}</List.Item>
        <List.Item>
          {t('two')}
          <Code block mt={6} lang="en">
            npm run verify-receipt -- residency-….json
          </Code>
        </List.Item>
        <List.Item>{t('three')}</List.Item>
      </List>
    </Section>
  );
}
