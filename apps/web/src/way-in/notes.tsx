import { Alert, Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { sessionForm } from '../api/session.js';
import { Sheet } from '../components/sheet.js';

/** Says, before somebody signs in, that this browser refuses cookies and what comes of it. */
export function CookieNote() {
  const t = useTranslations('common');
  const [form] = useState(sessionForm);
  if (form === 'cookie') return null;
  return (
    <Alert color="yellow" variant="light" role="status">
      <Text size="sm">{t('cookiesRefused')}</Text>
    </Alert>
  );
}

/** For a page of a mailed link that was opened without what the link carries. */
export function IncompleteLink() {
  const t = useTranslations('wayIn.incomplete');
  const common = useTranslations('common');
  return (
    <Sheet title={t('title')} lead={t('lead')}>
      <Button component={Link} href="/">
        {common('toStart')}
      </Button>
    </Sheet>
  );
}
