import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { answered, api, versioned } from '../api/client.js';
import { Page } from '../components/area-frame.js';
import { Confirm } from '../components/confirm.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { usePersonalField } from '../components/use-words.js';
import { readAccount } from './account-queries.js';
import { useHere } from './here.js';
import { OwnSignIn } from './own-sign-in.js';
import { PolicySection } from './policy.js';
import { useAct } from './use-act.js';
import { useHeld } from './use-held.js';

/** What the account has settled for itself. */
export function SettingsPage() {
  const { may } = useHere();
  const t = useTranslations('account.settings');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Name />
      <PolicySection />
      {may('provider.read') && <OwnSignIn />}
      {may('account.close') && <Closing />}
    </Page>
  );
}

function Name() {
  const { account, may, isOpen } = useHere();
  const t = useTranslations('account.settings');
  const { why } = usePersonalField('account.profile', 'name');
  return (
    <Section title={t('name')} lead={why}>
      {may('account.rename') && isOpen ? <Rename /> : <Text dir="auto">{account.name}</Text>}
    </Section>
  );
}

/** The account's name alone, so that a change of anything else is no conflict. */
async function readName(id: string) {
  const { value, etag } = await readAccount(id);
  return { value: value.name, etag };
}

function Rename() {
  const { id, view } = useHere();
  const t = useTranslations('account.settings');
  const { held, theirs, save } = useHeld({ value: view.value.name, etag: view.etag }, () => readName(id));
  const action = useAct(async ({ name = '' }: Typed) => {
    await save(async (etag) => {
      const params = { path: { id }, header: { 'If-Match': etag } };
      const kept = await versioned(api.PATCH('/v1/accounts/{id}', { params, body: { name } }));
      return { value: kept.value.name, etag: kept.etag };
    });
    toast(t('renamed'));
  });
  return (
    <Form action={action}>
      {theirs !== undefined && <Alert color="yellow">{t('nameNow', { name: theirs })}</Alert>}
      <Field name="name" label={t('nameLabel')} defaultValue={held} autoComplete="off" />
      <Group>
        <Submit fullWidth={false}>{t('rename')}</Submit>
      </Group>
    </Form>
  );
}

const CLOSING_DAYS = 30;

function Closing() {
  const { id, account, isOpen } = useHere();
  const t = useTranslations('account.closing');
  const format = useFormatter();
  const now = useNow();
  const [isAsking, setIsAsking] = useState(false);
  const action = useAct(async () => {
    await answered(api.POST('/v1/accounts/{id}/closing', { params: { path: { id } } }));
    toast(t('done'));
  });
  if (!isOpen) return null;
  const end = new Date(now.getTime() + CLOSING_DAYS * 24 * 60 * 60 * 1000);
  const date = format.dateTime(end, { dateStyle: 'long' });
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Group>
        <Button variant="outline" color="red" onClick={() => setIsAsking(true)}>
          {t('act')}
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('ask', { account: account.name })}
        act={t('act')}
        action={action}
      >
        <Stack component="ul" gap="xs" pl="md">
          <li>{t('now')}</li>
          <li>{t('then', { date })}</li>
          <li>{t('undo', { date })}</li>
          <li>{t('people')}</li>
        </Stack>
      </Confirm>
    </Section>
  );
}
