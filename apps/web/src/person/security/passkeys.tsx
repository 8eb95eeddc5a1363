import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../../account/use-signed-in-action.js';
import { answered, api, newKey } from '../../api/client.js';
import { createPasskey, knowsPasskeys } from '../../api/passkeys.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Form, Submit, type Typed } from '../../components/form.js';
import { Listing } from '../../components/listing.js';
import { useWithProof } from '../../components/proof.js';
import { EmptyState } from '../../components/resource.js';
import { Section } from '../../components/section.js';
import { toast } from '../../components/toast.js';
import { factorsQuery } from '../queries.js';
import { PasskeyEntry } from './passkey-entry.js';

/** Her passkeys: what there is, and one more. */
export function Passkeys({ passkeys }: { readonly passkeys: readonly Schemas['PasskeyView'][] }) {
  const t = useTranslations('person.passkeys');
  const [opened, setOpened] = useState(false);
  const isKnown = knowsPasskeys();
  return (
    <Section
      title={t('title')}
      lead={t('lead')}
      aside={
        isKnown && (
          <Button variant={passkeys.length === 0 ? 'filled' : 'default'} onClick={() => setOpened(true)}>
            {t('add')}
          </Button>
        )
      }
    >
      {!isKnown && <Text c="dimmed">{t('unsupported')}</Text>}
      {passkeys.length === 0 ? (
        <EmptyState title={t('empty')}>
          <Text c="dimmed" ta="center">
            {t('emptyText')}
          </Text>
        </EmptyState>
      ) : (
        <Listing>
          {passkeys.map((passkey) => (
            <PasskeyEntry key={passkey.id} passkey={passkey} />
          ))}
        </Listing>
      )}
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('add')}>
        <Add onDone={() => setOpened(false)} />
      </Dialog>
    </Section>
  );
}

/** The proof comes first, as the browser's own dialog would cover ours. */
function Add({ onDone }: { readonly onDone: () => void }) {
  const t = useTranslations('person.passkeys');
  const security = useTranslations('person.security');
  const client = useQueryClient();
  const withProof = useWithProof();
  const action = useSignedInAction(async ({ label = '' }: Typed) => {
    const options = await withProof(() => answered(api.POST('/v1/me/passkey-options')));
    const passkey = await createPasskey(options);
    const params = { header: { 'Idempotency-Key': newKey() } };
    const body = { passkey, label: label.trim() || null };
    await withProof(() => answered(api.POST('/v1/me/passkeys', { params, body })));
    toast(t('added'));
    onDone();
    await client.invalidateQueries(factorsQuery);
  });
  return (
    <Form action={action}>
      <Text size="sm">
        {t('addText')} {security('othersEnd')}
      </Text>
      <Field name="label" label={t('name')} description={t('nameHint')} optional maxLength={200} />
      <Submit>{t('addNow')}</Submit>
    </Form>
  );
}
