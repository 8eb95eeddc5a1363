import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import type { ProblemCode } from '../api/problem.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { fragment } from '../fragment.js';
import { region } from '../page.js';
import { CodeField, digitsOf } from './code.js';
import { OfThisRegion } from './of-this-region.js';
import { ForWhoIsHere, SignedInAs } from './who.js';

const PATH = '/invitations';

interface Invitation {
  readonly id: string;
  readonly code: string;
}

/** An invitation into an account, by the mail's link or with what stands in it typed. It stays in the memory of the page meanwhile. */
export function Invitations() {
  const t = useTranslations('wayIn.invitation');
  const { id, code } = fragment;
  const [invitation, setInvitation] = useState<Invitation | undefined>(id && code ? { id, code } : undefined);
  const [isDeclined, setIsDeclined] = useState(false);
  if (isDeclined)
    return (
      <Sheet title={t('declinedTitle')} lead={t('declinedLead')}>
        <Button component={Link} href="/">
          {t('toAccount')}
        </Button>
      </Sheet>
    );
  return (
    <OfThisRegion id={invitation?.id} path={PATH}>
      <Sheet title={t('title')} lead={t('lead', { region: region.name })}>
        <ForWhoIsHere path={PATH} why={t('why')} signUp>
          {(me) =>
            invitation ? (
              <Answer me={me} invitation={invitation} onDeclined={() => setIsDeclined(true)} />
            ) : (
              <TypeInvitation onTyped={setInvitation} />
            )
          }
        </ForWhoIsHere>
      </Sheet>
    </OfThisRegion>
  );
}

function TypeInvitation({ onTyped }: { readonly onTyped: (invitation: Invitation) => void }) {
  const t = useTranslations('wayIn.invitation');
  const action = useAction(({ id = '', code }: Typed) => {
    onTyped({ id: id.trim(), code: digitsOf(code) });
    return Promise.resolve();
  });
  return (
    <Form action={action}>
      <Field name="id" label={t('id')} description={t('idHelp')} autoComplete="off" />
      <CodeField />
      <Submit>{t('goOn')}</Submit>
    </Form>
  );
}

const MEMBER: readonly ProblemCode[] = ['invitation.already_member'];

interface AnswerProps {
  readonly me: Schemas['Me'];
  readonly invitation: Invitation;
  readonly onDeclined: () => void;
}

function Answer({ me, invitation: { id, code }, onDeclined }: AnswerProps) {
  const t = useTranslations('wayIn.invitation');
  const [, navigate] = useLocation();
  const keyFor = useKey();
  const accept = useAction(async () => {
    const params = { path: { id }, header: keyFor(code) };
    const { account } = await answered(api.POST('/v1/invitations/{id}/acceptance', { params, body: { code } }));
    navigate(`/a/${account.id}`, { replace: true });
  });
  const decline = useAction(async () => {
    await answered(api.POST('/v1/invitations/{id}/declination', { params: { path: { id } }, body: { code } }));
    onDeclined();
  });
  return (
    <>
      <SignedInAs me={me} path={PATH} />
      <Form action={accept}>
        <Submit>{t('accept')}</Submit>
      </Form>
      <Button variant="default" loading={decline.pending} onClick={() => void decline.run()}>
        {t('decline')}
      </Button>
      <ProblemAlert problem={decline.problem} />
      {accept.problem && MEMBER.includes(accept.problem.code) && (
        <Button component={Link} href="/">
          {t('toAccount')}
        </Button>
      )}
    </>
  );
}
