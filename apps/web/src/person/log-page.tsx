import { Anchor, Badge, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { PersonEventKind, Schemas } from '@domicile/api-client';
import { meQuery } from '../account/queries.js';
import { Page } from '../components/area-frame.js';
import { Listing, ListEntry } from '../components/listing.js';
import { More } from '../components/more.js';
import { EmptyState, Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { useWhere } from '../components/use-where.js';
import { logQuery } from './queries.js';

/** What happened to how she signs in. */
export function LogPage() {
  const t = useTranslations('person.log');
  const nav = useTranslations('account.nav');
  const query = useInfiniteQuery(logQuery);
  const me = useQuery(meQuery);
  return (
    <Page title={nav('yourLog')} lead={t('lead')}>
      <Resource query={query}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.events);
          return (
            <Section
              title={t('what')}
              lead={
                <>
                  {t('unknown')}{' '}
                  <Anchor component={Link} href="/me/security" inherit underline="always">
                    {t('toSecurity')}
                  </Anchor>
                </>
              }
            >
              <Stack>
                {events.length === 0 && <EmptyState title={t('empty')} />}
                <Listing>
                  {events.map((event) => (
                    <Line key={event.id} event={event} isHere={event.sessionId === me.data?.session.id} />
                  ))}
                </Listing>
                <More list={query} />
              </Stack>
            </Section>
          );
        }}
      </Resource>
    </Page>
  );
}

function Line({ event, isHere }: { readonly event: Schemas['PersonLineView']; readonly isHere: boolean }) {
  const t = useTranslations('person.log');
  const words = useTranslations('person.events');
  const where = useWhere();
  // A word that is newer than this page is shown as it is.
  const kind = event.kind as PersonEventKind;
  return (
    <ListEntry
      title={words.has(kind) ? words(kind) : event.kind}
      badge={
        isHere && (
          <Badge variant="default" radius="sm" tt="none">
            {t('here')}
          </Badge>
        )
      }
      act={
        <Text size="sm" c="dimmed">
          {where.time(event.createdAt)}
        </Text>
      }
    >
      <Text size="sm" c="dimmed">
        {where.device(event)} · {where.country(event)}
      </Text>
    </ListEntry>
  );
}
