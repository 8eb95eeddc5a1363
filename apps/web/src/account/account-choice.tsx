import type { Schemas } from '@domicile/api-client';
import { useTranslations } from 'use-intl';
import { AreaFrame, Page } from '../components/area-frame.js';

export function AccountChoice({ me: _me }: { readonly me: Schemas['Me'] }) {
  const t = useTranslations('account.nav');
  return (
    <AreaFrame places={[]}>
      <Page title={t('switch')}>…</Page>
    </AreaFrame>
  );
}
