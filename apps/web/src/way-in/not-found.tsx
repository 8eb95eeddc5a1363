import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { Sheet } from '../components/sheet.js';

export function NotFound() {
  const t = useTranslations('common');
  return (
    <Sheet title={t('notFoundTitle')} lead={t('notFoundText')}>
      <Button component={Link} href="/">
        {t('toStart')}
      </Button>
    </Sheet>
  );
}
