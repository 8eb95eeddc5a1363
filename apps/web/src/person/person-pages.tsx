import { useTranslations } from 'use-intl';
import { Route, Switch } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { AreaFrame, Page } from '../components/area-frame.js';
import { NotFound } from '../way-in/not-found.js';

/** The pages of the person herself, which belong to no account. */
export function PersonPages({ me }: { readonly me: Schemas['Me'] }) {
  const t = useTranslations('account.nav');
  const places = me.accounts.map(({ id }) => ({ href: `/a/${id}`, label: t('overview') })).slice(0, 1);
  return (
    <AreaFrame places={places}>
      <Switch>
        <Route path="/me/profile">
          <Page title={t('profile')}>…</Page>
        </Route>
        <Route component={NotFound} />
      </Switch>
    </AreaFrame>
  );
}
