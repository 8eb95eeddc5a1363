import { Badge, Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { Confirm } from '../components/confirm.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { EmptyState, Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { useKey } from '../components/use-key.js';
import { usePersonalField } from '../components/use-words.js';
import { invitationsQuery } from './account-queries.js';
import { type Role, useHere } from './here.js';
import { More } from '../components/more.js';
import { RoleChoice } from './role-choice.js';
import { useAct } from './use-act.js';

type Invitation = Schemas['InvitationView'];

/** To invite somebody, and who has not answered yet. */
export function InvitationsSection() {
  const { id, isOpen } = useHere();
  const t = useTranslations('account.invitations');
  const invitations = useInfiniteQuery(invitationsQuery(id));
  // A form of its own for each: what was typed for the one before is gone.
  const [made, setMade] = useState(0);
  const [revoking, setRevoking] = useState<Invitation>();
  return (
    <>
      {isOpen && (
        <Section title={t('invite')} lead={t('inviteLead')}>
          <InviteForm key={made} isNext={made > 0} onMade={() => setMade((count) => count + 1)} />
        </Section>
      )}
      <Section title={t('open')} lead={t('openLead')}>
        <Resource query={invitations}>
          {({ pages }) =>
            pages[0]?.invitations.length ? (
              <>
                <ul className="listing">
                  {pages.flatMap((page) =>
                    page.invitations.map((each) => (
                      <InvitationRow key={each.id} invitation={each} onRevoke={() => setRevoking(each)} />
                    )),
                  )}
                </ul>
                <More list={invitations} />
              </>
            ) : (
              <EmptyState title={t('none')} />
            )
          }
        </Resource>
      </Section>
      {revoking && <Revoke invitation={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}

interface InviteFormProps {
  /** True after the first one: its field is where the focus goes on. */
  readonly isNext: boolean;
  readonly onMade: () => void;
}

function InviteForm({ isNext, onMade }: InviteFormProps) {
  const { id, may } = useHere();
  const t = useTranslations('account.invitations');
  const { why } = usePersonalField('invitation.address', 'email');
  const keyFor = useKey();
  const action = useAct(async ({ email = '', role = 'member' }: Typed) => {
    const body = { email, role: role as Role };
    const params = { path: { id }, header: keyFor(body) };
    await answered(api.POST('/v1/accounts/{id}/invitations', { params, body }));
    toast(t('sent'));
    onMade();
  });
  return (
    <Form action={action}>
      <Field name="email" kind="email" label={t('email')} description={why} autoComplete="off" autoFocus={isNext} />
      <RoleChoice value="member" withOwner={may('people.change_owners')} />
      <Group>
        <Submit fullWidth={false}>{t('send')}</Submit>
      </Group>
    </Form>
  );
}

function InvitationRow({ invitation, onRevoke }: { readonly invitation: Invitation; readonly onRevoke: () => void }) {
  const { isOpen } = useHere();
  const t = useTranslations('account.invitations');
  const roles = useTranslations('account.roles');
  const format = useFormatter();
  const { email, role, expiresAt } = invitation;
  return (
    <li>
      <div className="line-main">
        <Text fw={600} component="p">
          {email}
        </Text>
        <Text size="xs" c="dimmed" component="p">
          {t('expires', { date: format.dateTime(new Date(expiresAt), { dateStyle: 'medium', timeStyle: 'short' }) })}
        </Text>
      </div>
      <Group gap="xs">
        <Badge variant="light" tt="none">
          {roles(`${role as Role}.name`)}
        </Badge>
        {isOpen && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={onRevoke}
            aria-label={t('revokeOf', { email })}
          >
            {t('revoke')}
          </Button>
        )}
      </Group>
    </li>
  );
}

function Revoke({ invitation, onClose }: { readonly invitation: Invitation; readonly onClose: () => void }) {
  const { id } = useHere();
  const t = useTranslations('account.invitations');
  const action = useAct(async () => {
    const params = { path: { id, invitationId: invitation.id } };
    await answered(api.DELETE('/v1/accounts/{id}/invitations/{invitationId}', { params }));
    toast(t('revoked'));
    onClose();
  });
  const { email } = invitation;
  return (
    <Confirm opened onClose={onClose} title={t('revokeOf', { email })} act={t('revoke')} action={action}>
      {t('revokeText')}
    </Confirm>
  );
}
