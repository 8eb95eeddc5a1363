import { Badge, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { Confirm } from '../components/confirm.js';
import { Fact, Facts } from '../components/facts.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { EmptyState, Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { useKey } from '../components/use-key.js';
import { domainsQuery } from './account-queries.js';
import { useHere } from './here.js';
import { useAct } from './use-act.js';

type Domain = Schemas['DomainView'];

const COLOURS = { pending: 'gray', verified: 'teal', missing: 'yellow' } as const;

/** The mail domains that the account's own provider speaks for. */
export function Domains() {
  const { id, may, isOpen } = useHere();
  const t = useTranslations('account.domains');
  const domains = useQuery(domainsQuery(id));
  const [made, setMade] = useState(0);
  const [removing, setRemoving] = useState<Domain>();
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Resource query={domains}>
        {(list) =>
          list.domains.length === 0 ? (
            <EmptyState title={t('none')} />
          ) : (
            <ul className="listing">
              {list.domains.map((domain) => (
                <DomainRow key={domain.id} domain={domain} onRemove={() => setRemoving(domain)} />
              ))}
            </ul>
          )
        }
      </Resource>
      {may('domains.manage') && isOpen && (
        <Claim key={made} isNext={made > 0} onMade={() => setMade((count) => count + 1)} />
      )}
      {removing && <Remove domain={removing} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

function Claim({ isNext, onMade }: { readonly isNext: boolean; readonly onMade: () => void }) {
  const { id } = useHere();
  const t = useTranslations('account.domains');
  const keyFor = useKey();
  const action = useAct(async ({ domain = '' }: Typed) => {
    const body = { domain: domain.trim() };
    const params = { path: { id }, header: keyFor(body) };
    await answered(api.POST('/v1/accounts/{id}/domains', { params, body }));
    toast(t('claimed'));
    onMade();
  });
  return (
    <Form action={action}>
      <Field
        name="domain"
        label={t('domain')}
        description={t('domainText')}
        autoFocus={isNext}
        autoComplete="off"
        inputMode="url"
      />
      <Group>
        <Submit fullWidth={false} variant="default">
          {t('claim')}
        </Submit>
      </Group>
    </Form>
  );
}

function DomainRow({ domain, onRemove }: { readonly domain: Domain; readonly onRemove: () => void }) {
  const { id, may, isOpen } = useHere();
  const t = useTranslations('account.domains');
  const verify = useAct(async () => {
    const params = { path: { id, domainId: domain.id } };
    await answered(api.POST('/v1/accounts/{id}/domains/{domainId}/verification', { params }));
    toast(t('verified'));
  });
  const { status, domain: name } = domain;
  return (
    <li>
      <div className="line-main">
        <Group gap="xs">
          <Text fw={600} component="p">
            {name}
          </Text>
          <Badge color={COLOURS[status]} variant="light" tt="none" c="inherit">
            {t(`status.${status}`)}
          </Badge>
        </Group>
        {status !== 'verified' && <Record domain={domain} />}
        <ProblemAlert problem={verify.problem} />
      </div>
      {may('domains.manage') && isOpen && (
        <Group gap="xs">
          {status !== 'verified' && (
            <Button
              size="compact-sm"
              variant="default"
              loading={verify.pending}
              onClick={() => void verify.run()}
              aria-label={t('verifyOf', { name })}
            >
              {t('verify')}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={onRemove}
            aria-label={t('removeOf', { name })}
          >
            {t('remove')}
          </Button>
        </Group>
      )}
    </li>
  );
}

/** What is to be published so that the domain counts, or counts again. */
function Record({ domain: { status, record, lapsesAt } }: { readonly domain: Domain }) {
  const t = useTranslations('account.domains');
  const format = useFormatter();
  const date = lapsesAt === null ? '' : format.dateTime(new Date(lapsesAt), { dateStyle: 'long' });
  return (
    <>
      <Text size="sm" c="dimmed" my="xs" component="p">
        {status === 'missing' ? t('missingText', { date }) : t('pendingText')}
      </Text>
      <Facts>
        <Fact name={t('recordName')}>
          <span className="mono">{record.name}</span>
        </Fact>
        <Fact name={t('recordType')}>
          <span className="mono">{record.type}</span>
        </Fact>
        <Fact name={t('recordValue')}>
          <span className="mono">{record.value}</span>
        </Fact>
      </Facts>
    </>
  );
}

function Remove({ domain, onClose }: { readonly domain: Domain; readonly onClose: () => void }) {
  const { id } = useHere();
  const t = useTranslations('account.domains');
  const action = useAct(async () => {
    const params = { path: { id, domainId: domain.id } };
    await answered(api.DELETE('/v1/accounts/{id}/domains/{domainId}', { params }));
    toast(t('removed'));
    onClose();
  });
  const name = domain.domain;
  return (
    <Confirm opened onClose={onClose} title={t('removeOf', { name })} act={t('remove')} action={action}>
      {t('removeText', { name })}
    </Confirm>
  );
}
