import { useTranslations } from 'use-intl';
import { Page } from '../components/area-frame.js';

/** Where the account's data is, as the signed receipt says. */
export function ResidencyPage({ id: _id }: { readonly id: string }) {
  const t = useTranslations('account.nav');
  return <Page title={t('residency')}>…</Page>;
}
