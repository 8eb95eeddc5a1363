import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../../account/use-signed-in-action.js';
import { answered, api, versioned } from '../../api/client.js';
import { Confirm } from '../../components/confirm.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Form, Submit, type Typed } from '../../components/form.js';
import { ListEntry } from '../../components/listing.js';
import { useWithProof } from '../../components/proof.js';
import { toast } from '../../components/toast.js';
import { useWhere } from '../../components/use-where.js';
import { factorsQuery } from '../queries.js';

interface PasskeyProps {
  readonly passkey: Schemas['PasskeyView'];
}

/** One passkey: when it was added and used, and what can be done with it. */
export function PasskeyEntry({ passkey }: PasskeyProps) {
  const t = useTranslations('person.passkeys');
  const { time } = useWhere();
  const name = passkey.label ?? t('unnamed');
  return (
    <ListEntry
      title={name}
      act={
        <Group gap="xs">
          <Rename passkey={passkey} name={name} />
          <Remove passkey={passkey} name={name} />
        </Group>
      }
    >
      <Text size="sm" c="dimmed">
        {t('created', { date: time(passkey.createdAt) })} ·{' '}
        {passkey.lastUsedAt === null ? t('unused') : t('used', { date: time(passkey.lastUsedAt) })}
      </Text>
    </ListEntry>
  );
}

function Rename({ passkey, name }: PasskeyProps & { readonly name: string }) {
  const t = useTranslations('person.passkeys');
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" aria-label={t('renameLabel', { name })} onClick={() => setOpened(true)}>
        {t('rename')}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('rename')}>
        <NewName passkey={passkey} onDone={() => setOpened(false)} />
      </Dialog>
    </>
  );
}

function NewName({ passkey: { id, label: before }, onDone }: PasskeyProps & { readonly onDone: () => void }) {
  const t = useTranslations('person.passkeys');
  const common = useTranslations('common');
  const client = useQueryClient();
  const action = useSignedInAction(async ({ label = '' }: Typed) => {
    const path = { id };
    // The list tells no versions: the one that there is now is asked for, as the name that is seen here is what is replaced.
    const { etag } = await versioned(api.GET('/v1/me/passkeys/{id}', { params: { path } }));
    const params = { path, header: { 'If-Match': etag } };
    await answered(api.PATCH('/v1/me/passkeys/{id}', { params, body: { label: label.trim() || null } }));
    toast(t('renamed'));
    onDone();
    await client.invalidateQueries(factorsQuery);
  });
  return (
    <Form action={action}>
      <Field
        name="label"
        label={t('name')}
        description={t('nameHint')}
        optional
        defaultValue={before ?? ''}
        maxLength={200}
      />
      <Submit>{common('save')}</Submit>
    </Form>
  );
}

function Remove({ passkey: { id }, name }: PasskeyProps & { readonly name: string }) {
  const t = useTranslations('person.passkeys');
  const security = useTranslations('person.security');
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const withProof = useWithProof();
  const action = useSignedInAction(async () => {
    await withProof(() => answered(api.DELETE('/v1/me/passkeys/{id}', { params: { path: { id } } })));
    toast(t('removed'));
    await client.invalidateQueries(factorsQuery);
  });
  return (
    <>
      <Button variant="default" size="xs" aria-label={t('removeLabel', { name })} onClick={() => setOpened(true)}>
        {t('remove')}
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('removeTitle')}
        act={t('remove')}
        action={action}
      >
        {t('removeText', { name })} {security('othersEnd')}
      </Confirm>
    </>
  );
}
