import { Group, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { api, type Versioned, versioned } from '../api/client.js';
import { Form, Submit, type Typed } from '../components/form.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { policyQuery, readPolicy } from './account-queries.js';
import { CheckField, SelectField } from './fields.js';
import { useHere } from './here.js';
import { useAct } from './use-act.js';
import { useHeld } from './use-held.js';

type Policy = Schemas['AccountPolicyView'];

const IDLE_MINUTES = [15, 30, 60, 240, 480, 1440] as const;
const ABSOLUTE_HOURS = [1, 8, 12, 24, 72, 168, 720] as const;

/** What the account asks of the sessions that enter it. */
export function PolicySection() {
  const { id, may, isOpen } = useHere();
  const t = useTranslations('account.policy');
  const policy = useQuery(policyQuery(id));
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Resource query={policy}>
        {(first) =>
          may('policy.change') && isOpen ? <PolicyForm first={first} /> : <PolicyFacts policy={first.value} />
        }
      </Resource>
    </Section>
  );
}

function PolicyForm({ first }: { readonly first: Versioned<Policy> }) {
  const { id } = useHere();
  const t = useTranslations('account.policy');
  const spans = useSpans();
  const { held, theirs, save } = useHeld(first, () => readPolicy(id));
  const action = useAct(async (typed: Typed) => {
    const body = policyOf(typed);
    await save((etag) => {
      const params = { path: { id }, header: { 'If-Match': etag } };
      return versioned(api.PATCH('/v1/accounts/{id}/policy', { params, body }));
    });
    toast(t('saved'));
  });
  return (
    <Form action={action}>
      {theirs && <PolicyFacts policy={theirs} />}
      <CheckField
        name="secondFactorRequired"
        label={t('secondFactor')}
        description={t('secondFactorText')}
        defaultChecked={held.secondFactorRequired}
      />
      <CheckField
        name="ownProviderRequired"
        label={t('ownProvider')}
        description={t('ownProviderText')}
        defaultChecked={held.ownProviderRequired}
      />
      <SelectField
        name="sessionIdleMinutes"
        label={t('idle')}
        description={t('idleText')}
        defaultValue={String(held.sessionIdleMinutes ?? '')}
        data={options(IDLE_MINUTES, held.sessionIdleMinutes, spans.minutes, t('noLimit'))}
      />
      <SelectField
        name="sessionAbsoluteHours"
        label={t('absolute')}
        description={t('absoluteText')}
        defaultValue={String(held.sessionAbsoluteHours ?? '')}
        data={options(ABSOLUTE_HOURS, held.sessionAbsoluteHours, spans.hours, t('noLimit'))}
      />
      <Group>
        <Submit fullWidth={false}>{t('save')}</Submit>
      </Group>
    </Form>
  );
}

function policyOf(typed: Typed): Policy {
  const number = (text = ''): number | null => (text === '' ? null : Number(text));
  return {
    secondFactorRequired: typed.secondFactorRequired !== undefined,
    ownProviderRequired: typed.ownProviderRequired !== undefined,
    sessionIdleMinutes: number(typed.sessionIdleMinutes),
    sessionAbsoluteHours: number(typed.sessionAbsoluteHours),
  };
}

function PolicyFacts({ policy }: { readonly policy: Policy }) {
  const t = useTranslations('account.policy');
  const spans = useSpans();
  const { secondFactorRequired, ownProviderRequired, sessionIdleMinutes, sessionAbsoluteHours } = policy;
  const asked = [
    secondFactorRequired && t('secondFactor'),
    ownProviderRequired && t('ownProvider'),
    sessionIdleMinutes !== null && `${t('idle')}: ${spans.minutes(sessionIdleMinutes)}`,
    sessionAbsoluteHours !== null && `${t('absolute')}: ${spans.hours(sessionAbsoluteHours)}`,
  ].filter((each) => each !== false);
  if (asked.length === 0) return <Text>{t('nothing')}</Text>;
  return (
    <List>
      {asked.map((each) => (
        <List.Item key={each}>{each}</List.Item>
      ))}
    </List>
  );
}

/** Spans of time in words. */
function useSpans() {
  const t = useTranslations('account.policy');
  const hours = (count: number): string =>
    count % 24 === 0 && count > 24 ? t('days', { count: count / 24 }) : t('hours', { count });
  return {
    hours,
    minutes: (count: number): string => (count % 60 === 0 ? hours(count / 60) : t('minutes', { count })),
  };
}

/** The usual values, and the one that stands, whatever it is. */
function options(usual: readonly number[], held: number | null, words: (value: number) => string, none: string) {
  const values = held === null || usual.includes(held) ? usual : [...usual, held].sort((a, b) => a - b);
  return [{ value: '', label: none }, ...values.map((value) => ({ value: String(value), label: words(value) }))];
}
