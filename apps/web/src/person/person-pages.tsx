import { useTranslations } from 'use-intl';
import { Redirect, Route, Switch } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { AreaFrame } from '../components/area-frame.js';
import { NoSuchPage } from '../components/no-such-page.js';
import { LogPage } from './log-page.js';
import { PreferencesPage } from './preferences-page.js';
import { ProfilePage } from './profile-page.js';
import { SecurityPage } from './security/security-page.js';
import { SessionsPage } from './sessions-page.js';

/** The pages of the person herself, which belong to no account. */
export function PersonPages({ me }: { readonly me: Schemas['Me'] }) {
  const t = useTranslations('account.nav');
  const [first, ...more] = me.accounts;
  const places = first
    ? [more.length === 0 ? { href: `/a/${first.id}`, label: t('overview') } : { href: '/', label: t('switch') }]
    : [];
  return (
    <AreaFrame places={places}>
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
