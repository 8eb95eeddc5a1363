import { Text } from '@mantine/core';
import { createContext, type ReactNode, use } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import type { Versioned } from '../api/client.js';
import { Page } from '../components/area-frame.js';
import { EmptyState } from '../components/resource.js';

export type AccountView = Schemas['AccountView'];
export type Permission = AccountView['permissions'][number];
export type Role = Schemas['Invite']['role'];

/** The account that is open, as its reader may see it. */
export interface Here {
  readonly id: string;
  /** With the version of the account's row, which its name, policy and billing share. */
  readonly view: Versioned<AccountView>;
  readonly me: Schemas['Me'];
}

const HereContext = createContext<Here | null>(null);
export const HereProvider = HereContext.Provider;

/** The account that is open, and what its reader may do in it. Only on the pages of an account. */
export function useHere() {
  const here = use(HereContext)!;
  const account = here.view.value;
  return {
    ...here,
    account,
    role: account.role as Role,
    may: (permission: Permission): boolean => account.permissions.includes(permission),
    /** False while it is closing or restricted: then it may be read alone. */
    isOpen: account.status === 'active',
  };
}

/** A page for those whose part allows it; the others are told whom to ask. */
export function Needs(props: {
  readonly permission: Permission;
  readonly title: string;
  readonly children: ReactNode;
}) {
  const { may, role } = useHere();
  const t = useTranslations('account');
  if (may(props.permission)) return props.children;
  return (
    <Page title={props.title}>
      <EmptyState title={t('needs.title')}>
        <Text c="dimmed" ta="center" maw="50ch">
          {t('needs.text', { role: t(`roles.${role}.name`) })}
        </Text>
      </EmptyState>
    </Page>
  );
}
