import { Badge, Card, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { AreaFrame, Page } from '../components/area-frame.js';
import { EmptyState, Resource } from '../components/resource.js';
import { region } from '../page.js';
import { accountsQuery } from './account-queries.js';
import type { Role } from './here.js';

/** For who belongs to several accounts, or to none. */
export function AccountChoice({ me }: { readonly me: Schemas['Me'] }) {
  const t = useTranslations('account.choice');
  const accounts = useQuery(accountsQuery(me.accounts.map(({ id }) => id)));
  if (me.accounts.length === 0)
    return (
      <AreaFrame places={[]}>
        <Page title={t('none')}>
          <EmptyState title={t('noneTitle')}>
            <Text c="dimmed" ta="center" maw="50ch">
              {t('noneText', { region: region.name })}
            </Text>
          </EmptyState>
        </Page>
      </AreaFrame>
    );
  return (
    <AreaFrame places={[]}>
      <Page title={t('title')} lead={t('lead', { region: region.name })}>
        <Resource query={accounts}>
          {(read) => (
            <Stack component="ul" className="bare" gap="sm">
              {read.map(({ id, account }) => (
                <li key={id}>
                  <Choice id={id} account={account} />
                </li>
              ))}
            </Stack>
          )}
        </Resource>
      </Page>
    </AreaFrame>
  );
}

interface ChoiceProps {
  readonly id: string;
  /** Undefined where it does not let her in as she is signed in now: its page says why. */
  readonly account: Schemas['AccountView'] | undefined;
}

function Choice({ id, account }: ChoiceProps) {
  const t = useTranslations('account');
  return (
    <Card component={Link} href={`/a/${id}`} withBorder padding="md" className="choice">
      <Group justify="space-between" gap="sm">
        <div>
          <Text fw={600}>{account?.name ?? t('choice.locked')}</Text>
          <Text size="sm" c="dimmed">
            {account === undefined ? t('choice.lockedText') : t(`roles.${account.role as Role}.name`)}
          </Text>
        </div>
        {account?.status === 'closing' && (
          <Badge color="red" variant="light">
            {t('status.closing')}
          </Badge>
        )}
        <Badge variant="light" radius="sm" tt="none">
          {region.name}
        </Badge>
      </Group>
    </Card>
  );
}
