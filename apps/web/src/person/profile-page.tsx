import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../account/use-signed-in-action.js';
import { answered, api } from '../api/client.js';
import { Page } from '../components/area-frame.js';
import { Dialog } from '../components/dialog.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import type { Action } from '../components/use-action.js';
import { usePersonalField } from '../components/use-words.js';
import { AddressChange } from './address-change.js';
import { profileQuery } from './queries.js';
import { useRefetchWhenStale } from './use-refetch-when-stale.js';

/** Her name, and the address that she signs in with. */
export function ProfilePage() {
  const t = useTranslations('person.profile');
  const nav = useTranslations('account.nav');
  const query = useQuery(profileQuery);
  const client = useQueryClient();
  const orRefetch = useRefetchWhenStale(profileQuery.queryKey);
  // Of the page and not of the form: a refusal stays when what holds now is shown instead.
  const rename = useSignedInAction(({ displayName = '' }: Typed) =>
    orRefetch(async () => {
      const params = { header: { 'If-Match': query.data?.etag ?? '' } };
      await answered(api.PATCH('/v1/me', { params, body: { displayName: displayName.trim() || null } }));
      toast(t('saved'));
      await client.invalidateQueries({ queryKey: ['me'] });
    }),
  );
  return (
    <Page title={nav('profile')} lead={t('lead')}>
      <Resource query={query}>
        {(profile) => (
          <>
            <Name key={profile.etag} value={profile.value} action={rename} />
            <Address email={profile.value.person.email} />
            <Section title={t('id')} lead={t('idNote')}>
              <span className="mono">{profile.value.person.id}</span>
            </Section>
          </>
        )}
      </Resource>
    </Page>
  );
}

function Name({ value, action }: { readonly value: Schemas['Me']; readonly action: Action<[Typed]> }) {
  const t = useTranslations('person.profile');
  const common = useTranslations('common');
  const { why, optional } = usePersonalField('person.profile', 'displayName');
  return (
    <Section title={t('nameTitle')}>
      <Form action={action}>
        <Field
          name="displayName"
          label={t('name')}
          description={why}
          optional={optional}
          defaultValue={value.person.displayName ?? ''}
          autoComplete="name"
          maxLength={200}
        />
        <Group>
          <Submit fullWidth={false}>{common('save')}</Submit>
        </Group>
      </Form>
    </Section>
  );
}

function Address({ email }: { readonly email: string }) {
  const t = useTranslations('person.profile');
  const [opened, setOpened] = useState(false);
  return (
    <Section
      title={t('emailTitle')}
      lead={t('email')}
      aside={
        <Button variant="default" onClick={() => setOpened(true)}>
          {t('change')}
        </Button>
      }
    >
      <Stack gap="xs">
        <Text fw={600} className="plain" data-testid="email">
          {email}
        </Text>
      </Stack>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('change')}>
        <AddressChange onDone={() => setOpened(false)} />
      </Dialog>
    </Section>
  );
}
