import { Alert, Anchor, Badge, Group, SimpleGrid, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { answered, api } from '../api/client.js';
import { Page } from '../components/area-frame.js';
import { Fact, Facts } from '../components/facts.js';
import { Mark } from '../components/mark.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { region } from '../page.js';
import { useReceipt } from '../residency/use-receipt.js';
import { invitationsQuery, peopleQuery } from './account-queries.js';
import { useHere } from './here.js';

/** What matters of an account at a glance. */
export function Overview() {
  const { account, role, may } = useHere();
  const t = useTranslations('account.overview');
  const roles = useTranslations('account.roles');
  const nav = useTranslations('account.nav');
  const format = useFormatter();
  return (
    <Page
      title={account.name}
      tab={nav('overview')}
      lead={t('since', { date: format.dateTime(new Date(account.createdAt), { dateStyle: 'long' }) })}
      aside={
        <Badge variant="outline" size="lg" tt="none">
          {t('yourPart', { role: roles(`${role}.name`) })}
        </Badge>
      }
    >
      <SecondFactor />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Residency />
        <Hosting />
        <PeopleCount />
        {may('people.invite') && <Invitations />}
      </SimpleGrid>
    </Page>
  );
}

/** A calm suggestion to whom a password alone signs in. */
function SecondFactor() {
  const t = useTranslations('account.overview');
  const factors = useQuery({ queryKey: ['factors'], queryFn: () => answered(api.GET('/v1/me/factors')) });
  if (!factors.data || factors.data.hasTotp || factors.data.passkeys.length > 0) return null;
  return (
    <Alert color="gray" title={t('secondFactorTitle')}>
      <Text size="sm">{t('secondFactorText')}</Text>
      <Anchor component={Link} href="/me/security" size="sm">
        {t('secondFactorGo')}
      </Anchor>
    </Alert>
  );
}

function Residency() {
  const { id } = useHere();
  const t = useTranslations('account.overview');
  const verdict = useTranslations('residency.verdict');
  const receipt = useReceipt(id);
  return (
    <Section title={t('receipt')} lead={t('receiptLead')}>
      <Resource query={receipt}>
        {({ judgement }) => {
          const kind = judgement.kind === 'trusted' ? (judgement.receipt.holds ? 'holds' : 'broken') : judgement.kind;
          return (
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Mark kind={kind === 'holds' ? 'yes' : kind === 'unverifiable' ? 'attention' : 'no'} filled />
              <Text fw={600}>{verdict(`${kind}Title`, { region: region.name })}</Text>
            </Group>
          );
        }}
      </Resource>
      <Further href={`/a/${id}/residency`}>{t('receiptGo')}</Further>
    </Section>
  );
}

function Hosting() {
  const t = useTranslations('account.overview');
  return (
    <Section title={t('hosting')} lead={t('hostingLead')}>
      <Facts>
        <Fact name={t('region')}>{region.name}</Fact>
        <Fact name={t('law')}>{region.jurisdiction}</Fact>
        <Fact name={t('owner')}>{region.owner.name}</Fact>
        <Fact name={t('dataCentres')}>{region.dataCentres}</Fact>
      </Facts>
    </Section>
  );
}

function PeopleCount() {
  const { id } = useHere();
  const t = useTranslations('account.overview');
  const people = useInfiniteQuery(peopleQuery(id));
  return (
    <Section title={t('people')}>
      <Resource query={people}>
        {({ pages }) => {
          const count = pages.reduce((sum, page) => sum + page.people.length, 0);
          return <Text>{t(people.hasNextPage ? 'peopleAtLeast' : 'peopleCount', { count })}</Text>;
        }}
      </Resource>
      <Further href={`/a/${id}/people`}>{t('peopleGo')}</Further>
    </Section>
  );
}

function Invitations() {
  const { id } = useHere();
  const t = useTranslations('account.overview');
  const invitations = useInfiniteQuery(invitationsQuery(id));
  return (
    <Section title={t('invitations')}>
      <Resource query={invitations}>
        {({ pages }) => (
          <Text>{t('invitationsCount', { count: pages.reduce((sum, page) => sum + page.invitations.length, 0) })}</Text>
        )}
      </Resource>
      <Further href={`/a/${id}/people`}>{t('invitationsGo')}</Further>
    </Section>
  );
}

function Further({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Anchor component={Link} href={href} size="sm" mt="sm" display="inline-block">
      {children}
    </Anchor>
  );
}
