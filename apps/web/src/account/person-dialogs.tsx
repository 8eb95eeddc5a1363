import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { answered, api, versioned } from '../api/client.js';
import { Confirm } from '../components/confirm.js';
import { Dialog } from '../components/dialog.js';
import { Form, Submit } from '../components/form.js';
import { toast } from '../components/toast.js';
import { type Role, useHere } from './here.js';
import { type Member, nameOf } from './member-row.js';
import { RoleChoice } from './role-choice.js';
import { useAct } from './use-act.js';

interface DialogProps {
  readonly member: Member;
  readonly onClose: () => void;
}

/** Gives somebody another role. */
export function ChangeRole({ member, onClose }: DialogProps) {
  const { id, may } = useHere();
  const t = useTranslations('account.people');
  const common = useTranslations('common');
  const params = { path: { id, personId: member.personId } };
  const name = nameOf(member);
  const action = useAct(async ({ role = member.role }: Readonly<Record<string, string>>) => {
    const { value, etag } = await versioned(api.GET('/v1/accounts/{id}/people/{personId}', { params }));
    // Nothing is sent for what is so already.
    if (value.role !== role) {
      const header = { 'If-Match': etag };
      const body = { role: role as Role };
      await answered(api.PATCH('/v1/accounts/{id}/people/{personId}', { params: { ...params, header }, body }));
    }
    toast(t('roleChanged', { name }));
    onClose();
  });
  return (
    <Dialog opened onClose={onClose} title={t('changeRoleOf', { name })}>
      <Form action={action}>
        <RoleChoice value={member.role as Role} withOwner={may('people.change_owners')} />
        <Text size="sm" c="dimmed">
          {t('roleChangeNote')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Submit fullWidth={false}>{t('changeRole')}</Submit>
        </Group>
      </Form>
    </Dialog>
  );
}

/** Ends somebody's part in the account. */
export function RemovePerson({ member, onClose }: DialogProps) {
  const { id, account } = useHere();
  const t = useTranslations('account.people');
  const name = nameOf(member);
  const action = useAct(async () => {
    const params = { path: { id, personId: member.personId } };
    await answered(api.DELETE('/v1/accounts/{id}/people/{personId}', { params }));
    toast(t('removed', { name }));
    onClose();
  });
  return (
    <Confirm opened onClose={onClose} title={t('removeOf', { name })} act={t('remove')} action={action}>
      <Stack gap="xs">
        <p>{t('removeText', { name, account: account.name })}</p>
        <p>{t('removeKeeps')}</p>
      </Stack>
    </Confirm>
  );
}
