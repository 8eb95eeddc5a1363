import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../account/use-signed-in-action.js';
import { answered, api } from '../api/client.js';
import { Page } from '../components/area-frame.js';
import { Confirm } from '../components/confirm.js';
import { Listing, ListEntry } from '../components/listing.js';
import { More } from '../components/more.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { useWhere } from '../components/use-where.js';
import { sessionsQuery } from './queries.js';

type Session = Schemas['SessionEntryView'];

/** Where she is signed in, and how to end that. */
export function SessionsPage() {
  const t = useTranslations('person.sessions');
  const nav = useTranslations('account.nav');
  const query = useInfiniteQuery(sessionsQuery);
  return (
    <Page title={nav('sessions')} lead={t('lead')}>
      <Resource query={query}>
        {({ pages }) => {
          const sessions = pages.flatMap((page) => page.sessions);
          return (
            <Section title={nav('sessions')} aside={sessions.length > 1 && <EndOthers />}>
              <Stack>
                <Listing>
                  {sessions.map((session) => (
                    <Entry key={session.id} session={session} />
                  ))}
                </Listing>
                {sessions.length === 1 && <Text c="dimmed">{t('alone')}</Text>}
                <More list={query} />
              </Stack>
            </Section>
          );
        }}
      </Resource>
    </Page>
  );
}

function Entry({ session }: { readonly session: Session }) {
  const t = useTranslations('person.sessions');
  const where = useWhere();
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const seen = new Date(session.lastSeenAt);
  const factors = session.factors.map((factor) => t(`factor.${factor as 'password'}`));
  return (
    <ListEntry
      title={where.device(session)}
      badge={
        session.current && (
          <Badge variant="light" radius="sm" tt="none">
            {t('current')}
          </Badge>
        )
      }
      act={session.current ? undefined : <End session={session} />}
    >
      <Text size="sm">
        {where.country(session)} · {t('seen', { ago: format.relativeTime(seen, now < seen ? seen : now) })}
      </Text>
      <Text size="sm" c="dimmed">
        {t('began', { date: where.time(session.createdAt) })} · {t('proved', { factors: format.list(factors) })}
      </Text>
    </ListEntry>
  );
}

function End({ session }: { readonly session: Session }) {
  const t = useTranslations('person.sessions');
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const device = useWhere().device(session);
  const action = useSignedInAction(async () => {
    await answered(api.DELETE('/v1/sessions/{id}', { params: { path: { id: session.id } } }));
    toast(t('ended'));
    await client.invalidateQueries(sessionsQuery);
  });
  return (
    <>
      <Button variant="default" size="xs" aria-label={t('endLabel', { device })} onClick={() => setOpened(true)}>
        {t('end')}
      </Button>
      <Confirm opened={opened} onClose={() => setOpened(false)} title={t('endTitle')} act={t('end')} action={action}>
        {t('endText', { device })}
      </Confirm>
    </>
  );
}

function EndOthers() {
  const t = useTranslations('person.sessions');
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const action = useSignedInAction(async () => {
    await answered(api.DELETE('/v1/sessions'));
    toast(t('endedOthers'));
    await client.invalidateQueries(sessionsQuery);
  });
  return (
    <Group>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t('endOthers')}
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('endOthersTitle')}
        act={t('endOthers')}
        action={action}
      >
        {t('endOthersText')}
      </Confirm>
    </Group>
  );
}
