import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Redirect, Route, Switch } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { accountQuery } from '../account/account-queries.js';
import { AccountHeading, usePlacesOf } from '../account/account-pages.js';
import { AreaFrame } from '../components/area-frame.js';
import { NoSuchPage } from '../components/no-such-page.js';
import { LogPage } from './log-page.js';
import { PreferencesPage } from './preferences-page.js';
import { ProfilePage } from './profile-page.js';
import { SecurityPage } from './security/security-page.js';
import { SessionsPage } from './sessions-page.js';

/** The pages of the person herself, which belong to no account. Who has one account alone keeps its menu beside them. */
export function PersonPages({ me }: { readonly me: Schemas['Me'] }) {
  const t = useTranslations('account.nav');
  const placesOf = usePlacesOf();
  const [first, ...more] = me.accounts;
  const only = more.length === 0 ? first : undefined;
  const account = useQuery({ ...accountQuery(only?.id ?? ''), enabled: only !== undefined }).data?.value;
  const others = first ? [{ href: '/', label: t(only ? 'overview' : 'switch') }] : [];
  return (
    <AreaFrame
      heading={account && <AccountHeading name={account.name} isOneOfMany={false} />}
      places={account ? placesOf(account) : others}
    >
      <Switch>
        <Route path="/me/profile" component={ProfilePage} />
        <Route path="/me/security" component={SecurityPage} />
        <Route path="/me/sessions" component={SessionsPage} />
        <Route path="/me/log" component={LogPage} />
        <Route path="/me/preferences" component={PreferencesPage} />
        <Route path="/me">
          <Redirect to="/me/profile" replace />
        </Route>
        <Route component={NoSuchPage} />
      </Switch>
    </AreaFrame>
  );
}
