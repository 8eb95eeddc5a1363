import { Alert, Button, Group, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { api, type Versioned, versioned } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { Page } from '../components/area-frame.js';
import { Fact, Facts } from '../components/facts.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { usePersonalField } from '../components/use-words.js';
import { useLanguage } from '../i18n/language.js';
import { readAccount } from './account-queries.js';
import { countries, countryName } from './countries.js';
import { LinesField, SelectField } from './fields.js';
import { Needs, useHere } from './here.js';
import { useAct } from './use-act.js';
import { useHeld } from './use-held.js';

type Billing = Schemas['BillingView'];

/** What is filled in, or null, at the version of the account's row either way. */
async function readBilling(id: string): Promise<Versioned<Billing | null>> {
  try {
    return await versioned(api.GET('/v1/accounts/{id}/billing', { params: { path: { id } } }));
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
    return { value: null, etag: (await readAccount(id)).etag };
  }
}

const billingQuery = (id: string) =>
  queryOptions({ queryKey: ['account', id, 'billing'], queryFn: () => readBilling(id) });

/** Whom the bills of the account go to. */
export function BillingPage() {
  const t = useTranslations('account.billing');
  return (
    <Needs permission="billing.read" title={t('title')}>
      <Page title={t('title')} lead={t('lead')}>
        <Profile />
      </Page>
    </Needs>
  );
}

function Profile() {
  const { id, isOpen, may } = useHere();
  const t = useTranslations('account.billing');
  const billing = useQuery(billingQuery(id));
  // Counts what was taken over from elsewhere: a form begins anew with it.
  const [begun, setBegun] = useState(0);
  return (
    <Section title={t('profile')} lead={t('noCards')}>
      <Resource query={billing}>
        {(first) =>
          isOpen && may('billing.change') ? (
            <BillingForm
              key={begun}
              first={first}
              onTaken={() => void billing.refetch().then(() => setBegun((count) => count + 1))}
            />
          ) : first.value === null ? (
            <Text c="dimmed">{t('none')}</Text>
          ) : (
            <BillingFacts billing={first.value} />
          )
        }
      </Resource>
    </Section>
  );
}

interface BillingFormProps {
  readonly first: Versioned<Billing | null>;
  /** When what somebody else saved is to stand. */
  readonly onTaken: () => void;
}

function BillingForm({ first, onTaken }: BillingFormProps) {
  const { id } = useHere();
  const t = useTranslations('account.billing');
  const { language } = useLanguage();
  const { held, theirs, save } = useHeld(first, () => readBilling(id));
  const why = useBillingPurposes();
  const action = useAct(async (typed: Typed) => {
    const body = billingOf(typed);
    await save((etag) => {
      const params = { path: { id }, header: { 'If-Match': etag } };
      return versioned(api.PUT('/v1/accounts/{id}/billing', { params, body }));
    });
    toast(t('saved'));
  });
  return (
    <Form action={action}>
      {theirs && <Conflict theirs={theirs} onTaken={onTaken} />}
      <Field
        name="legalName"
        label={t('legalName')}
        description={why.legalName}
        defaultValue={held?.legalName}
        autoComplete="organization"
      />
      <LinesField
        name="addressLines"
        label={t('address')}
        description={`${t('addressHint')} ${why.postalAddress}`}
        defaultValue={held?.addressLines.join('\n')}
        autoComplete="street-address"
        rows={4}
      />
      <SelectField
        name="country"
        label={t('country')}
        description={why.billingCountry}
        defaultValue={held?.country ?? ''}
        data={[{ value: '', label: t('countryChoose') }, ...countries(language)]}
        autoComplete="country"
      />
      <Field
        name="taxId"
        label={t('taxId')}
        description={`${t('taxIdHint')} ${why.taxId}`}
        defaultValue={held?.taxId ?? ''}
        optional
        autoComplete="off"
      />
      <Group>
        <Submit fullWidth={false}>{t(theirs ? 'saveMine' : 'save')}</Submit>
      </Group>
    </Form>
  );
}

function useBillingPurposes() {
  return {
    legalName: usePersonalField('account.billing', 'legalName').why,
    postalAddress: usePersonalField('account.billing', 'postalAddress').why,
    billingCountry: usePersonalField('account.billing', 'billingCountry').why,
    taxId: usePersonalField('account.billing', 'taxId').why,
  };
}

function billingOf({ legalName = '', addressLines = '', country = '', taxId = '' }: Typed): Billing {
  const lines = addressLines.split(/\r?\n/).map((line) => line.trim());
  return {
    legalName: legalName.trim(),
    addressLines: lines.filter((line) => line !== ''),
    country,
    taxId: taxId.trim() === '' ? null : taxId.trim(),
  };
}

/** Two have edited one thing: what the other saved stands beside what was typed here, and neither is lost. */
function Conflict({ theirs, onTaken }: { readonly theirs: Billing; readonly onTaken: () => void }) {
  const t = useTranslations('account.billing');
  return (
    <Alert color="yellow" title={t('conflictTitle')} role="alert">
      <Text size="sm" mb="sm">
        {t('conflictText')}
      </Text>
      <BillingFacts billing={theirs} />
      <Button size="xs" variant="default" mt="sm" onClick={onTaken}>
        {t('takeTheirs')}
      </Button>
    </Alert>
  );
}

function BillingFacts({ billing }: { readonly billing: Billing }) {
  const t = useTranslations('account.billing');
  const { language } = useLanguage();
  return (
    <Facts>
      <Fact name={t('legalName')}>{billing.legalName}</Fact>
      <Fact name={t('address')}>
        {billing.addressLines.map((line, i) => (
          <div key={i} dir="auto">
            {line}
          </div>
        ))}
      </Fact>
      <Fact name={t('country')}>{countryName(language, billing.country)}</Fact>
      <Fact name={t('taxId')}>{billing.taxId ?? t('noTaxId')}</Fact>
    </Facts>
  );
}
