import { Code, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { Page } from '../components/area-frame.js';
import { More } from '../components/more.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { useWhere } from '../components/use-where.js';
import { logQuery, peopleQuery } from './account-queries.js';
import { Needs, useHere } from './here.js';
import { nameOf } from './member-row.js';

type Line = Schemas['AccountLineView'];
type Names = ReadonlyMap<string, string>;

/** What happened to who may do what in the account. */
export function LogPage() {
  const t = useTranslations('account.log');
  return (
    <Needs permission="log.read" title={t('title')}>
      <Page title={t('title')} lead={t('lead')}>
        <Log />
        <Pull />
      </Page>
    </Needs>
  );
}

function Log() {
  const { id } = useHere();
  const t = useTranslations('account.log');
  const log = useInfiniteQuery(logQuery(id));
  const people = useInfiniteQuery(peopleQuery(id));
  const { hasNextPage, isFetching, isError, fetchNextPage } = people;
  // Ids alone are written to the log: whose they are is read to the end of the list.
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const members = people.data?.pages.flatMap((page) => page.people) ?? [];
  const names: Names = new Map(members.map((member) => [member.personId, nameOf(member)]));
  return (
    <Section title={t('events')}>
      <Resource query={log}>
        {({ pages }) =>
          pages[0]?.events.length ? (
            <>
              <ol className="listing">
                {pages.flatMap(({ events }) =>
                  events.map((line) => <LogLine key={line.id} line={line} names={names} />),
                )}
              </ol>
              <More list={log} />
            </>
          ) : (
            <Text c="dimmed">{t('none')}</Text>
          )
        }
      </Resource>
    </Section>
  );
}

function LogLine({ line, names }: { readonly line: Line; readonly names: Names }) {
  const t = useTranslations('account.log');
  const where = useWhere();
  const words = useKindWords();
  const { actorId, subjectId, createdAt } = line;
  const actor = actorId === null ? t('nobody') : (names.get(actorId) ?? t('gone'));
  const subject = subjectId === null || subjectId === actorId ? undefined : names.get(subjectId);
  // What the region did by itself, or a token, came from no device of anybody.
  const from = line.device === null && line.country === null ? [] : [where.device(line), where.country(line)];
  return (
    <li>
      <div className="line-main">
        <Text fw={600} component="p">
          {words(line.kind)}
          {subject !== undefined && <>: {subject}</>}
        </Text>
        <Text size="sm" c="dimmed" component="p">
          {[actorId === null ? actor : t('by', { actor }), ...from].join(' · ')}
        </Text>
      </div>
      <Text size="sm" c="dimmed" component="time" dateTime={createdAt}>
        {where.time(createdAt)}
      </Text>
    </li>
  );
}

/** Words for a kind of event; of one that only a newer API knows, its own. */
function useKindWords(): (kind: string) => string {
  const t = useTranslations('account.log.kinds');
  const say = t as unknown as ((key: string) => string) & { has: (key: string) => boolean };
  return (kind) => (say.has(kind) ? say(kind) : kind);
}

/** For who has a system that collects such lines. */
function Pull() {
  const { id } = useHere();
  const t = useTranslations('account.log');
  return (
    <Section title={t('pull')} lead={t('pullLead')}>
      <Code block className="mono">
        {`GET ${location.origin}/v1/accounts/${id}/security-log\nAccept: application/x-ndjson\nAuthorization: Bearer tok_…`}
      </Code>
    </Section>
  );
}
