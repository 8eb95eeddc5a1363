import { Avatar, Badge, Button, Group, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { type Role, useHere } from './here.js';

export type Member = Schemas['MemberView'];

/** What somebody is called: her name where she gave one, else her address. */
export function nameOf({ displayName, email }: Member): string {
  return displayName ?? email;
}

interface MemberRowProps {
  readonly member: Member;
  readonly onRole: () => void;
  readonly onRemove: () => void;
}

/** One person, with what the reader may do about her. */
export function MemberRow({ member, onRole, onRemove }: MemberRowProps) {
  const { me, may, isOpen } = useHere();
  const t = useTranslations('account.people');
  const roles = useTranslations('account.roles');
  const format = useFormatter();
  const isSelf = member.personId === me.person.id;
  // Owners are the owners' business.
  const isTheirs = isOpen && (member.role !== 'owner' || may('people.change_owners'));
  const name = nameOf(member);
  return (
    <li>
      <Group gap="sm" wrap="nowrap" className="line-main">
        <Avatar name={name} color="accent" radius="xl" aria-hidden="true" />
        <div>
          <Text fw={600} component="p">
            {name} {isSelf && <small>({t('you')})</small>}
          </Text>
          {member.displayName !== null && (
            <Text size="sm" c="dimmed" component="p">
              {member.email}
            </Text>
          )}
          <Text size="xs" c="dimmed" component="p">
            {t('joined', { date: format.dateTime(new Date(member.joinedAt), { dateStyle: 'medium' }) })}
          </Text>
        </div>
      </Group>
      <Group gap="xs">
        <Badge variant="light" tt="none">
          {roles(`${member.role as Role}.name`)}
        </Badge>
        {may('people.change_role') && isTheirs && (
          <Button size="compact-sm" variant="default" onClick={onRole} aria-label={t('changeRoleOf', { name })}>
            {t('changeRole')}
          </Button>
        )}
        {may('people.remove') && isTheirs && !isSelf && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={onRemove}
            aria-label={t('removeOf', { name })}
          >
            {t('remove')}
          </Button>
        )}
      </Group>
    </li>
  );
}
