import '../styles/area.js';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { Redirect, Route, Switch } from 'wouter';
import { Elsewhere } from '../components/elsewhere.js';
import { ProofProvider } from '../components/proof.js';
import { Resource } from '../components/resource.js';
import { Sheet } from '../components/sheet.js';
import { AreaWords, useLanguage } from '../i18n/language.js';
import { region, regionOfId, styleNonce } from '../page.js';
import { NotFound } from '../way-in/not-found.js';
import { AccountChoice } from './account-choice.js';
import { AccountPages } from './account-pages.js';
import { PersonPages } from '../person/person-pages.js';
import { preferencesQuery } from '../person/queries.js';
import { meQuery, queries } from './queries.js';

// What keeps the page behind a dialog from scrolling makes a style element of its own; this is where it looks for its nonce.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });

/** Everything behind the sign-in. The first thing it asks is who is there; nobody leads to the sign-in. */
export function Area() {
  return (
    <AreaWords>
      <QueryClientProvider client={queries}>
        {/* Above every dialog: what was done is said where it can be read. */}
        <Notifications position="bottom-right" zIndex={1000} />
        <ProofProvider>
          <SignedIn />
        </ProofProvider>
      </QueryClientProvider>
    </AreaWords>
  );
}

function SignedIn() {
  const me = useQuery(meQuery);
  const { data: preferences } = useQuery({ ...preferencesQuery, enabled: me.data !== undefined });
  const { prefer } = useLanguage();
  const t = useTranslations('account');
  useEffect(() => preferences && prefer(preferences.value), [preferences, prefer]);
  return (
    <Resource query={me} around={(refusal) => <Sheet title={t('notShown')}>{refusal}</Sheet>}>
      {(value) => (
        <Switch>
          <Route path="/">
            {value.accounts.length === 1 ? (
              <Redirect to={`/a/${value.accounts[0]!.id}`} replace />
            ) : (
              <AccountChoice me={value} />
            )}
          </Route>
          <Route path="/a/:account/*?">
            {({ account }) => {
              const home = regionOfId(account);
              if (home && home !== region) return <Elsewhere to={home} path={`/a/${account}`} />;
              return <AccountPages me={value} id={account} />;
            }}
          </Route>
          <Route path="/me/*?">
            <PersonPages me={value} />
          </Route>
          <Route component={NotFound} />
        </Switch>
      )}
    </Resource>
  );
}
