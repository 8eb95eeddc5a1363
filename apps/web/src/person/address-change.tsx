import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../account/use-signed-in-action.js';
import { answered, api } from '../api/client.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { useWithProof } from '../components/proof.js';
import { useKey } from '../components/use-key.js';
import { useWhere } from '../components/use-where.js';
import { usePersonalField } from '../components/use-words.js';

interface Asked {
  readonly change: Schemas['AskedAddressChangeView'];
  readonly email: string;
}

/** Another address in three steps: asked for, the code typed, done. */
export function AddressChange({ onDone }: { readonly onDone: () => void }) {
  const [asked, setAsked] = useState<Asked>();
  const [changed, setChanged] = useState<Schemas['ChangedAddressView']>();
  if (changed) return <Done changed={changed} onDone={onDone} />;
  if (asked) return <Code asked={asked} onChanged={setChanged} />;
  return <Ask onAsked={setAsked} />;
}

function Ask({ onAsked }: { readonly onAsked: (asked: Asked) => void }) {
  const t = useTranslations('person.profile');
  const { why } = usePersonalField('address_change.address', 'email');
  const withProof = useWithProof();
  const keyOf = useKey();
  const action = useSignedInAction(async ({ email = '' }: Typed) => {
    const params = { header: keyOf({ email }) };
    const { addressChange } = await withProof(() =>
      answered(api.POST('/v1/me/address-changes', { params, body: { email } })),
    );
    onAsked({ change: addressChange, email });
  });
  return (
    <Form action={action}>
      <Text size="sm">{t('askNote')}</Text>
      <Field name="email" kind="email" label={t('new')} description={why} autoComplete="email" maxLength={254} />
      <Submit>{t('ask')}</Submit>
    </Form>
  );
}

interface CodeProps {
  readonly asked: Asked;
  readonly onChanged: (changed: Schemas['ChangedAddressView']) => void;
}

function Code({ asked: { change, email }, onChanged }: CodeProps) {
  const t = useTranslations('person.profile');
  const where = useWhere();
  const client = useQueryClient();
  const keyOf = useKey();
  const action = useSignedInAction(async ({ code = '' }: Typed) => {
    const body = { code: code.replace(/\s/g, '') };
    const params = { path: { id: change.id }, header: keyOf(body) };
    onChanged(await answered(api.POST('/v1/me/address-changes/{id}/confirmation', { params, body })));
    await client.invalidateQueries({ queryKey: ['me'] });
  });
  return (
    <Form action={action}>
      <Text>{t('sent', { email, time: where.time(change.expiresAt) })}</Text>
      <Field name="code" label={t('code')} inputMode="numeric" autoComplete="one-time-code" maxLength={9} autoFocus />
      <Submit>{t('confirm')}</Submit>
    </Form>
  );
}

interface DoneProps {
  readonly changed: Schemas['ChangedAddressView'];
  readonly onDone: () => void;
}

function Done({ changed: { undoUntil }, onDone }: DoneProps) {
  const t = useTranslations('person.profile');
  const common = useTranslations('common');
  const where = useWhere();
  return (
    <>
      <Text role="status">{t('done', { time: where.time(undoUntil) })}</Text>
      <Button onClick={onDone} autoFocus>
        {common('close')}
      </Button>
    </>
  );
}
