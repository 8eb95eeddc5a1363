import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api, type Versioned, versioned } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { Confirm } from '../components/confirm.js';
import { Fact, Facts } from '../components/facts.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { readAccount } from './account-queries.js';
import { Domains } from './domains.js';
import { useHere } from './here.js';
import { useAct } from './use-act.js';

type Provider = Schemas['ProviderView'];

/** What is set, or null, at the version of the account's row either way. */
async function readProvider(id: string): Promise<Versioned<Provider | null>> {
  try {
    return await versioned(api.GET('/v1/accounts/{id}/provider', { params: { path: { id } } }));
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
    return { value: null, etag: (await readAccount(id)).etag };
  }
}

const providerQuery = (id: string) =>
  queryOptions({ queryKey: ['account', id, 'provider'], queryFn: () => readProvider(id) });

/** Sign-in by the account's own OpenID provider: the mail domains that it speaks for, and the provider. */
export function OwnSignIn() {
  const { id } = useHere();
  const t = useTranslations('account.provider');
  const provider = useQuery(providerQuery(id));
  return (
    <>
      <Domains />
      <Section title={t('title')} lead={t('lead')}>
        <Resource query={provider}>{(set) => <ProviderState set={set} />}</Resource>
      </Section>
    </>
  );
}

function ProviderState({ set }: { readonly set: Versioned<Provider | null> }) {
  const { may, isOpen } = useHere();
  const t = useTranslations('account.provider');
  const [isEditing, setIsEditing] = useState(false);
  const mayChange = may('provider.change') && isOpen;
  return (
    <Stack>
      <Facts>
        {set.value && <Fact name={t('issuer')}>{set.value.issuer}</Fact>}
        {set.value && <Fact name={t('clientId')}>{set.value.clientId}</Fact>}
        <Fact name={t('redirectUri')} note={t('redirectUriText')}>
          <span className="mono">{set.value?.redirectUri ?? `${location.origin}/provider-callback`}</span>
        </Fact>
      </Facts>
      {!mayChange && <Text c="dimmed">{t(set.value ? 'ownersAlone' : 'noneOthers')}</Text>}
      {mayChange && (isEditing || set.value === null) && <ProviderForm set={set} onDone={() => setIsEditing(false)} />}
      {mayChange && !isEditing && set.value !== null && <ProviderActs onEdit={() => setIsEditing(true)} />}
    </Stack>
  );
}

function ProviderForm({ set, onDone }: { readonly set: Versioned<Provider | null>; readonly onDone: () => void }) {
  const { id } = useHere();
  const t = useTranslations('account.provider');
  const common = useTranslations('common');
  const action = useAct(async ({ issuer = '', clientId = '', clientSecret = '' }: Typed) => {
    const params = { path: { id }, header: { 'If-Match': set.etag } };
    const body = { issuer: issuer.trim(), clientId: clientId.trim(), clientSecret };
    await answered(api.PUT('/v1/accounts/{id}/provider', { params, body }));
    toast(t('saved'));
    onDone();
  });
  return (
    <Form action={action}>
      <Alert color="yellow">{t('warning')}</Alert>
      <Field
        name="issuer"
        label={t('issuer')}
        description={t('issuerText')}
        defaultValue={set.value?.issuer}
        inputMode="url"
        autoComplete="off"
      />
      <Field name="clientId" label={t('clientId')} defaultValue={set.value?.clientId} autoComplete="off" />
      <Field
        name="clientSecret"
        kind="password"
        label={t('clientSecret')}
        description={t('clientSecretText')}
        autoComplete="off"
      />
      <Group>
        <Submit fullWidth={false}>{t('save')}</Submit>
        {set.value && (
          <Button variant="default" onClick={onDone}>
            {common('cancel')}
          </Button>
        )}
      </Group>
    </Form>
  );
}

function ProviderActs({ onEdit }: { readonly onEdit: () => void }) {
  const { id } = useHere();
  const t = useTranslations('account.provider');
  const [isRemoving, setIsRemoving] = useState(false);
  const params = { path: { id } };
  const test = useAct(async () => {
    await answered(api.POST('/v1/accounts/{id}/provider/test', { params }));
    toast(t('tested'));
  });
  const remove = useAct(async () => {
    await answered(api.DELETE('/v1/accounts/{id}/provider', { params }));
    toast(t('removed'));
  });
  return (
    <>
      <ProblemAlert problem={test.problem} />
      <Group>
        <Button variant="default" loading={test.pending} onClick={() => void test.run()}>
          {t('test')}
        </Button>
        <Button variant="default" onClick={onEdit}>
          {t('change')}
        </Button>
        <Button variant="outline" color="red" onClick={() => setIsRemoving(true)}>
          {t('remove')}
        </Button>
      </Group>
      <Confirm
        opened={isRemoving}
        onClose={() => setIsRemoving(false)}
        title={t('removeTitle')}
        act={t('remove')}
        action={remove}
      >
        {t('removeText')}
      </Confirm>
    </>
  );
}
