import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { answered, api } from '../api/client.js';
import { Confirm } from '../components/confirm.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { peopleQuery } from './account-queries.js';
import { useHere } from './here.js';
import { nameOf } from './member-row.js';
import { queries } from './queries.js';
import { useAct } from './use-act.js';

/** Makes somebody else an owner in one's own place. */
export function HandOver() {
  const { id, me, isOpen } = useHere();
  const t = useTranslations('account.handOver');
  const { data } = useInfiniteQuery(peopleQuery(id));
  const [to, setTo] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const hint = useId();
  const others = data?.pages.flatMap(({ people }) => people).filter(({ personId }) => personId !== me.person.id) ?? [];
  const chosen = others.find(({ personId }) => personId === to);
  const action = useAct(async () => {
    const params = { path: { id } };
    await answered(api.POST('/v1/accounts/{id}/ownership', { params, body: { personId: to } }));
    toast(t('done'));
  });
  if (!isOpen) return null;
  return (
    <Section title={t('title')} lead={t('lead')}>
      {others.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('nobody')}
        </Text>
      ) : (
        <Stack gap="sm" align="flex-start">
          <NativeSelect
            label={t('to')}
            value={to}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
            data={[
              { value: '', label: t('choose') },
              ...others.map((each) => ({ value: each.personId, label: nameOf(each) })),
            ]}
            className="short"
          />
          <Button
            variant="default"
            onClick={() => chosen && setIsAsking(true)}
            aria-disabled={!chosen}
            data-disabled={!chosen || undefined}
            aria-describedby={hint}
          >
            {t('act')}
          </Button>
          <Text size="xs" c="dimmed" id={hint} hidden={chosen !== undefined}>
            {t('chooseFirst')}
          </Text>
        </Stack>
      )}
      {chosen && (
        <Confirm opened={isAsking} onClose={() => setIsAsking(false)} title={t('title')} act={t('act')} action={action}>
          {t('text', { name: nameOf(chosen) })}
        </Confirm>
      )}
    </Section>
  );
}

/** Ends one's own part in the account. An owner without another owner is told what to do first. */
export function Leave() {
  const { id, me, role, account, isOpen } = useHere();
  const t = useTranslations('account.leave');
  const [, navigate] = useLocation();
  const { data, hasNextPage } = useInfiniteQuery(peopleQuery(id));
  const [isAsking, setIsAsking] = useState(false);
  const people = data?.pages.flatMap((page) => page.people) ?? [];
  const hasOther = people.some((each) => each.role === 'owner' && each.personId !== me.person.id);
  // Where there are more pages, the API decides.
  const isLast = role === 'owner' && data !== undefined && !hasNextPage && !hasOther;
  const action = useAct(async () => {
    await answered(api.DELETE('/v1/accounts/{id}/people/me', { params: { path: { id } } }));
    toast(t('left'));
    queries.removeQueries({ queryKey: ['account', id] });
    await queries.invalidateQueries({ queryKey: ['me'] });
    navigate('/');
  });
  if (!isOpen) return null;
  if (isLast) return <Section title={t('title')} lead={t('last')} />;
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Group>
        <Button variant="outline" color="red" onClick={() => setIsAsking(true)}>
          {t('act')}
        </Button>
      </Group>
      <Confirm opened={isAsking} onClose={() => setIsAsking(false)} title={t('title')} act={t('act')} action={action}>
        {t('text', { account: account.name })}
      </Confirm>
    </Section>
  );
}
