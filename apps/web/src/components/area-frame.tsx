import { AppShell, Burger, Divider, Group, NavLink, ScrollArea, Stack, Text, Title } from '@mantine/core';
import { useDisclosure, useWindowEvent } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { Brand } from './brand.js';
import { Footer } from './footer.js';
import { RegionBadge } from './region-badge.js';
import { SignOut } from './sign-out.js';
import { useHeading } from './use-heading.js';

/** One place that the menu leads to. */
export interface Place {
  readonly href: string;
  readonly label: string;
}

interface AreaFrameProps {
  /** Name of the account that is open; left out where there is none. */
  readonly heading?: ReactNode;
  readonly places: readonly Place[];
  readonly children: ReactNode;
}

/** Places of the person herself; the same in every account. */
function usePersonPlaces(): readonly Place[] {
  const t = useTranslations('account.nav');
  return [
    { href: '/me/profile', label: t('profile') },
    { href: '/me/security', label: t('security') },
    { href: '/me/sessions', label: t('sessions') },
    { href: '/me/log', label: t('yourLog') },
    { href: '/me/preferences', label: t('preferences') },
  ];
}

/** The frame of every page behind the sign-in: menu, region, sign-out. On small screens the menu folds away. */
export function AreaFrame({ heading, places, children }: AreaFrameProps) {
  const t = useTranslations('account.nav');
  const common = useTranslations('common');
  const [isOpen, { toggle, close }] = useDisclosure();
  const [path] = useLocation();
  const own = usePersonPlaces();
  useEffect(close, [path, close]);
  useWindowEvent('keydown', ({ key }) => key === 'Escape' && close());
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 264, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="lg"
    >
      <a href="#main" className="skip">
        {common('skip')}
      </a>
      <TopBar isOpen={isOpen} toggle={toggle} />
      <AppShell.Navbar id="menu" p="md" aria-label={t('label')} data-folded={!isOpen || undefined}>
        <AppShell.Section grow component={ScrollArea}>
          {heading}
          <Places places={places} path={path} />
          {places.length > 0 && <Divider my="md" />}
          <Text size="sm" c="dimmed" px="sm" pb={4}>
            {t('you')}
          </Text>
          <Places places={own} path={path} />
        </AppShell.Section>
        <AppShell.Section hiddenFrom="xs" pt="md">
          <SignOut variant="default" fullWidth />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Stack mih="calc(100dvh - 110px)" justify="space-between" gap="xl">
          <div className="page">{children}</div>
          <Footer />
        </Stack>
      </AppShell.Main>
    </AppShell>
  );
}

function TopBar({ isOpen, toggle }: { readonly isOpen: boolean; readonly toggle: () => void }) {
  const t = useTranslations('account.nav');
  return (
    <AppShell.Header>
      <Group h="100%" px="md" justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap">
          <Burger
            opened={isOpen}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t(isOpen ? 'close' : 'open')}
            aria-expanded={isOpen}
            aria-controls="menu"
          />
          <Brand />
        </Group>
        <Group gap="sm" wrap="nowrap">
          <RegionBadge />
          <SignOut variant="subtle" size="compact-sm" visibleFrom="xs" />
        </Group>
      </Group>
    </AppShell.Header>
  );
}

function Places({ places, path }: { readonly places: readonly Place[]; readonly path: string }) {
  return places.map(({ href, label }) => (
    <NavLink
      key={href}
      component={Link}
      href={href}
      label={label}
      active={path === href}
      aria-current={path === href ? 'page' : undefined}
    />
  ));
}

interface PageProps {
  readonly title: string;
  /** What the tab says, where the title says something of somebody. */
  readonly tab?: string;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A page inside of the frame: its one heading and its sections. */
export function Page({ title, tab, lead, aside, children }: PageProps) {
  const heading = useHeading(title, tab);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title ref={heading} order={1} size="h2" tabIndex={-1}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" mt={4} component="div" maw="65ch">
              {lead}
            </Text>
          )}
        </div>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}
