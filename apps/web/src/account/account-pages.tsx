import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link, Route, Switch } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { AreaFrame, Page, type Place } from '../components/area-frame.js';
import { NoSuchPage } from '../components/no-such-page.js';
import { Resource } from '../components/resource.js';
import { ResidencyPage } from '../residency/residency-page.js';
import { accountQuery } from './account-queries.js';
import { BillingPage } from './billing-page.js';
import { type AccountView, HereProvider, type Permission, useHere } from './here.js';
import { LogPage } from './log-page.js';
import { Overview } from './overview.js';
import { PeoplePage } from './people-page.js';
import { Refused, refusalOf } from './refused.js';
import { SettingsPage } from './settings-page.js';
import { StatusBanner } from './status-banner.js';
import { TokensPage } from './tokens-page.js';

interface AccountPagesProps {
  readonly me: Schemas['Me'];
  /** Of the account, as it stands in the path. */
  readonly id: string;
}

/** The pages of one account, for whom it lets in. */
export function AccountPages({ id, me }: AccountPagesProps) {
  const t = useTranslations('account');
  const query = useQuery(accountQuery(id));
  const { data } = query;
  const refusal = refusalOf(query.error);
  // Even where it was read before: a right may be taken away while somebody looks.
  if (refusal) return <Refused id={id} reason={refusal} me={me} />;
  if (data === undefined)
    return (
      <AreaFrame places={[]}>
        <Resource query={query} around={(refusal) => <Page title={t('notShown')}>{refusal}</Page>}>
          {() => null}
        </Resource>
      </AreaFrame>
    );
  return (
    <HereProvider value={{ id, view: data, me }}>
      <AccountFrame />
    </HereProvider>
  );
}

function AccountFrame() {
  const { id, me, account } = useHere();
  const placesOf = usePlacesOf();
  return (
    <AreaFrame
      heading={<AccountHeading name={account.name} isOneOfMany={me.accounts.length > 1} />}
      places={placesOf(account)}
    >
      <StatusBanner />
      <Switch>
        <Route path="/a/:account" component={Overview} />
        <Route path="/a/:account/people" component={PeoplePage} />
        <Route path="/a/:account/residency">
          <ResidencyPage id={id} />
        </Route>
        <Route path="/a/:account/billing" component={BillingPage} />
        <Route path="/a/:account/tokens" component={TokensPage} />
        <Route path="/a/:account/log" component={LogPage} />
        <Route path="/a/:account/settings" component={SettingsPage} />
        <Route component={NoSuchPage} />
      </Switch>
    </AreaFrame>
  );
}

/** Where the menu of an account leads: what somebody may not see, it does not offer. */
export function usePlacesOf(): (account: AccountView) => readonly Place[] {
  const t = useTranslations('account.nav');
  return ({ id, permissions }) => {
    const base = `/a/${id}`;
    const places: readonly (Place & { readonly needs?: Permission })[] = [
      { href: base, label: t('overview') },
      { href: `${base}/people`, label: t('people'), needs: 'people.read' },
      { href: `${base}/residency`, label: t('residency'), needs: 'receipt.read' },
      { href: `${base}/billing`, label: t('billing'), needs: 'billing.read' },
      { href: `${base}/tokens`, label: t('tokens'), needs: 'tokens.manage' },
      { href: `${base}/log`, label: t('log'), needs: 'log.read' },
      { href: `${base}/settings`, label: t('settings') },
    ];
    return places.filter(({ needs }) => needs === undefined || permissions.includes(needs));
  };
}

/** Whose menu it is, with the way to the others. */
export function AccountHeading({ name, isOneOfMany }: { readonly name: string; readonly isOneOfMany: boolean }) {
  const t = useTranslations('account.nav');
  return (
    <Stack gap={0} px="sm" pb="xs">
      <Text fw={650} lineClamp={2}>
        {name}
      </Text>
      {isOneOfMany && (
        <Anchor component={Link} href="/" size="sm">
          {t('switch')}
        </Anchor>
      )}
    </Stack>
  );
}
