import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../../account/use-signed-in-action.js';
import { answered, api, newKey } from '../../api/client.js';
import { Confirm } from '../../components/confirm.js';
import { Copy } from '../../components/copy.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Form, Submit, type Typed } from '../../components/form.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { useWithProof } from '../../components/proof.js';
import { Section } from '../../components/section.js';
import { toast } from '../../components/toast.js';
import { factorsQuery } from '../queries.js';
import type { QrCode } from './qr-code.js';

/** What the API offers, with what draws it: loaded when it is needed. */
type Offered = Schemas['TotpOffer'] & { readonly QrCode: typeof QrCode };

/** Codes from an app on her phone: set up, or removed. */
export function AuthenticatorApp({ present }: { readonly present: boolean }) {
  const t = useTranslations('person.totp');
  return (
    <Section title={t('title')} lead={t('lead')} aside={present ? <Remove /> : <SetUp />}>
      {present && <Text>{t('present')}</Text>}
    </Section>
  );
}

function SetUp() {
  const t = useTranslations('person.totp');
  const [offer, setOffer] = useState<Offered>();
  const [opened, setOpened] = useState(false);
  const withProof = useWithProof();
  const action = useSignedInAction(async () => {
    const params = { header: { 'Idempotency-Key': newKey() } };
    const [offered, drawing] = await Promise.all([
      withProof(() => answered(api.POST('/v1/me/totp', { params }))),
      import('./qr-code.js'),
    ]);
    setOffer({ ...offered, ...drawing });
    setOpened(true);
  });
  return (
    <div>
      <Button variant="default" loading={action.pending} onClick={() => void action.run()}>
        {t('add')}
      </Button>
      <ProblemAlert problem={action.problem} />
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('add')}>
        {offer && <Offer offer={offer} onDone={() => setOpened(false)} />}
      </Dialog>
    </div>
  );
}

interface OfferProps {
  readonly offer: Offered;
  readonly onDone: () => void;
}

function Offer({ offer: { secret, uri, QrCode }, onDone }: OfferProps) {
  const t = useTranslations('person.totp');
  const security = useTranslations('person.security');
  const client = useQueryClient();
  const withProof = useWithProof();
  const action = useSignedInAction(async ({ code = '' }: Typed) => {
    const body = { code: code.replace(/\s/g, '') };
    await withProof(() => answered(api.POST('/v1/me/totp/confirmation', { body })));
    toast(t('added'));
    onDone();
    await client.invalidateQueries(factorsQuery);
  });
  return (
    <Form action={action}>
      <Text ta="center">{t('scan')}</Text>
      <QrCode text={uri} label={t('scanLabel')} />
      <div>
        <Text size="sm" c="dimmed">
          {t('type')}
        </Text>
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text className="mono" data-testid="totp-secret">
            {secret.match(/.{1,4}/g)?.join(' ')}
          </Text>
          <Copy text={secret} />
        </Group>
      </div>
      <Field
        name="code"
        label={t('code')}
        description={security('othersEnd')}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
      />
      <Submit>{t('confirm')}</Submit>
    </Form>
  );
}

function Remove() {
  const t = useTranslations('person.totp');
  const security = useTranslations('person.security');
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const withProof = useWithProof();
  const action = useSignedInAction(async () => {
    await withProof(() => answered(api.DELETE('/v1/me/totp')));
    toast(t('removed'));
    await client.invalidateQueries(factorsQuery);
  });
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t('remove')}
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('removeTitle')}
        act={t('remove')}
        action={action}
      >
        {t('removeText')} {security('othersEnd')}
      </Confirm>
    </>
  );
}
