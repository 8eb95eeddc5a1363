import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Region } from '../page.js';
import { Sheet } from './sheet.js';

/** For a link or an id of another region: says where it belongs, and goes there if the person wants to. */
export function Elsewhere({ to, path }: { readonly to: Region; readonly path: string }) {
  const t = useTranslations('common');
  return (
    <Sheet title={t('elsewhereTitle')} lead={t('elsewhereText', { region: to.name })}>
      <Button component="a" href={`${to.origins.customer}${path}`}>
        {t('elsewhereGo', { region: to.name })}
      </Button>
    </Sheet>
  );
}
