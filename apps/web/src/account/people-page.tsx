import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Stack } from '@mantine/core';
import { Page } from '../components/area-frame.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { peopleQuery } from './account-queries.js';
import { useHere } from './here.js';
import { InvitationsSection } from './invitations.js';
import { HandOver, Leave } from './leave.js';
import { type Member, MemberRow } from './member-row.js';
import { More } from '../components/more.js';
import { ChangeRole, RemovePerson } from './person-dialogs.js';

/** What is being done to somebody, in a dialog. */
interface Doing {
  readonly what: 'role' | 'removal';
  readonly member: Member;
}

/** Who belongs to the account, and as what. */
export function PeoplePage() {
  const { id, may, role } = useHere();
  const t = useTranslations('account.people');
  const people = useInfiniteQuery(peopleQuery(id));
  const [doing, setDoing] = useState<Doing>();
  const stop = (): void => setDoing(undefined);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Section title={t('members')} lead={role === 'member' ? t('masked') : undefined}>
        <Resource query={people}>
          {({ pages }) => (
            <>
              <ul className="listing">
                {pages.flatMap((page) =>
                  page.people.map((member) => (
                    <MemberRow
                      key={member.personId}
                      member={member}
                      onRole={() => setDoing({ what: 'role', member })}
                      onRemove={() => setDoing({ what: 'removal', member })}
                    />
                  )),
                )}
              </ul>
              <More list={people} />
            </>
          )}
        </Resource>
      </Section>
      {may('people.invite') && <InvitationsSection />}
      <Stack gap="lg">
        {may('people.change_owners') && <HandOver />}
        <Leave />
      </Stack>
      {doing?.what === 'role' && <ChangeRole member={doing.member} onClose={stop} />}
      {doing?.what === 'removal' && <RemovePerson member={doing.member} onClose={stop} />}
    </Page>
  );
}
