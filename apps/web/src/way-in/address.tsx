import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { Form, Submit } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { fragment } from '../fragment.js';
import { IncompleteLink } from './notes.js';
import { OfThisRegion } from './of-this-region.js';
import { ForWhoIsHere, SignedInAs } from './who.js';

const PATH = '/address';

/** The link of the mail to an address that is to be somebody's: she confirms it, signed in. */
export function Address() {
  const t = useTranslations('wayIn.address');
  const { change, code } = fragment;
  const [isDone, setIsDone] = useState(false);
  if (change === undefined || code === undefined) return <IncompleteLink />;
  if (isDone)
    return (
      <Sheet title={t('doneTitle')} lead={t('doneLead')}>
        <Button component={Link} href="/">
          {t('toAccount')}
        </Button>
      </Sheet>
    );
  return (
    <OfThisRegion id={change} path={PATH}>
      <Sheet title={t('title')} lead={t('lead')}>
        <ForWhoIsHere path={PATH} why={t('why')}>
          {(me) => <ConfirmAddress me={me} id={change} code={code} onDone={() => setIsDone(true)} />}
        </ForWhoIsHere>
      </Sheet>
    </OfThisRegion>
  );
}

interface Props {
  readonly me: Schemas['Me'];
  readonly id: string;
  readonly code: string;
  readonly onDone: () => void;
}

function ConfirmAddress({ me, id, code, onDone }: Props) {
  const t = useTranslations('wayIn.address');
  const keyFor = useKey();
  const action = useAction(async () => {
    const params = { path: { id }, header: keyFor(code) };
    await answered(api.POST('/v1/me/address-changes/{id}/confirmation', { params, body: { code } }));
    onDone();
  });
  return (
    <>
      <SignedInAs me={me} path={PATH} />
      <Form action={action}>
        <Submit>{t('submit')}</Submit>
      </Form>
    </>
  );
}
