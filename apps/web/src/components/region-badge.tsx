import { Badge } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { region } from '../page.js';

/** Says on every page where what is typed into it goes. */
export function RegionBadge() {
  const t = useTranslations('common');
  return (
    <Badge variant="light" size="lg" radius="sm" tt="none" data-testid="region">
      {t('hostedIn', { region: region.name })}
    </Badge>
  );
}
