import { Radio, Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useFieldError } from '../components/form.js';
import type { Role } from './here.js';

interface RoleChoiceProps {
  readonly value: Role;
  /** Only owners make owners. */
  readonly withOwner: boolean;
}

const OTHERS = ['admin', 'billing', 'member'] as const;

/** The roles, each with what it may do. Typed as `role`. */
export function RoleChoice({ value, withOwner }: RoleChoiceProps) {
  const t = useTranslations('account.roles');
  const roles: readonly Role[] = withOwner ? ['owner', ...OTHERS] : OTHERS;
  return (
    <Radio.Group name="role" defaultValue={value} label={t('label')} error={useFieldError('/role')}>
      <Stack gap="xs" mt="xs">
        {roles.map((role) => (
          <Radio key={role} value={role} label={t(`${role}.name`)} description={t(`${role}.text`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
