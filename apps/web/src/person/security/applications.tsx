import { Button, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../../account/use-signed-in-action.js';
import { answered, api } from '../../api/client.js';
import { Confirm } from '../../components/confirm.js';
import { Listing, ListEntry } from '../../components/listing.js';
import { More } from '../../components/more.js';
import { Resource } from '../../components/resource.js';
import { Section } from '../../components/section.js';
import { toast } from '../../components/toast.js';
import { useWhere } from '../../components/use-where.js';
import { applicationsQuery } from '../queries.js';

type Application = Schemas['ApplicationView'];

const SCOPES = ['openid', 'email', 'profile', 'offline_access'] as const;

/** Applications that may know who she is, and how to end that. */
export function Applications() {
  const t = useTranslations('person.applications');
  const query = useInfiniteQuery(applicationsQuery);
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Resource query={query}>
        {({ pages }) => {
          const applications = pages.flatMap((page) => page.applications);
          if (applications.length === 0) return <Text c="dimmed">{t('empty')}</Text>;
          return (
            <Stack>
              <Listing>
                {applications.map((application) => (
                  <Entry key={application.id} application={application} />
                ))}
              </Listing>
              <More list={query} />
            </Stack>
          );
        }}
      </Resource>
    </Section>
  );
}

function Entry({ application }: { readonly application: Application }) {
  const t = useTranslations('person.applications');
  const { time } = useWhere();
  const format = useFormatter();
  const { client, scopes, agreedAt, lastUsedAt } = application;
  const learns = scopes.map((scope) => {
    const known = SCOPES.find((each) => each === scope);
    return known ? t(`scope.${known}`) : t('scope.other', { scope });
  });
  return (
    <ListEntry title={client.name} act={<End application={application} />}>
      <Text size="sm">{t('at', { host: client.host })}</Text>
      <Text size="sm">
        {t('scopes')} {format.list(learns)}
      </Text>
      <Text size="sm" c="dimmed">
        {t('agreed', { date: time(agreedAt) })} ·{' '}
        {lastUsedAt === null ? t('unused') : t('used', { date: time(lastUsedAt) })}
      </Text>
    </ListEntry>
  );
}

function End({
  application: {
    id,
    client: { name },
  },
}: {
  readonly application: Application;
}) {
  const t = useTranslations('person.applications');
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const action = useSignedInAction(async () => {
    await answered(api.DELETE('/v1/me/applications/{id}', { params: { path: { id } } }));
    toast(t('ended'));
    await client.invalidateQueries(applicationsQuery);
  });
  return (
    <>
      <Button variant="default" size="xs" aria-label={t('endLabel', { name })} onClick={() => setOpened(true)}>
        {t('end')}
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('endTitle', { name })}
        act={t('end')}
        action={action}
      >
        {t('endText')}
      </Confirm>
    </>
  );
}
