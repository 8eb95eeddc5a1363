import { useTranslations } from 'use-intl';
import { Route, Switch } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { AreaFrame, Page, type Place } from '../components/area-frame.js';
import { ResidencyPage } from '../residency/residency-page.js';
import { NotFound } from '../way-in/not-found.js';

interface AccountPagesProps {
  readonly me: Schemas['Me'];
  /** Of the account, as it stands in the path. */
  readonly id: string;
}

/** The pages of one account. */
export function AccountPages({ id }: AccountPagesProps) {
  const t = useTranslations('account.nav');
  const base = `/a/${id}`;
  const places: Place[] = [
    { href: base, label: t('overview') },
    { href: `${base}/people`, label: t('people') },
    { href: `${base}/residency`, label: t('residency') },
    { href: `${base}/billing`, label: t('billing') },
    { href: `${base}/tokens`, label: t('tokens') },
    { href: `${base}/log`, label: t('log') },
    { href: `${base}/settings`, label: t('settings') },
  ];
  return (
    <AreaFrame places={places}>
      <Switch>
        <Route path="/a/:account">
          <Page title={t('overview')}>…</Page>
        </Route>
        <Route path="/a/:account/residency">
          <ResidencyPage id={id} />
        </Route>
        <Route component={NotFound} />
      </Switch>
    </AreaFrame>
  );
}
