import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSignedInAction } from '../../account/use-signed-in-action.js';
import { answered, api } from '../../api/client.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Form, Submit, type Typed } from '../../components/form.js';
import { useWithProof } from '../../components/proof.js';
import { Section } from '../../components/section.js';
import { toast } from '../../components/toast.js';
import { factorsQuery } from '../queries.js';

/** Another password. The one from before is not asked for: a fresh proof is. */
export function Password({ present }: { readonly present: boolean }) {
  const t = useTranslations('person.password');
  const [opened, setOpened] = useState(false);
  const act = t(present ? 'open' : 'openNew');
  return (
    <Section
      title={t('title')}
      lead={t(present ? 'lead' : 'none')}
      aside={
        <Button variant="default" onClick={() => setOpened(true)}>
          {act}
        </Button>
      }
    >
      <Dialog opened={opened} onClose={() => setOpened(false)} title={act}>
        <Change onDone={() => setOpened(false)} />
      </Dialog>
    </Section>
  );
}

function Change({ onDone }: { readonly onDone: () => void }) {
  const t = useTranslations('person.password');
  const client = useQueryClient();
  const withProof = useWithProof();
  const action = useSignedInAction(async ({ password = '' }: Typed) => {
    await withProof(() => answered(api.PUT('/v1/me/password', { body: { password } })));
    toast(t('done'));
    onDone();
    await client.invalidateQueries(factorsQuery);
  });
  return (
    <Form action={action}>
      <Field name="password" kind="password" label={t('new')} description={t('hint')} autoComplete="new-password" />
      <Text size="sm">{t('ends')}</Text>
      <Submit>{t('submit')}</Submit>
    </Form>
  );
}
