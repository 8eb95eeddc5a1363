import { Anchor, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { answered, api } from '../api/client.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { usePersonalField } from '../components/use-words.js';
import { fragment } from '../fragment.js';
import { region } from '../page.js';
import { CompleteRecovery } from './complete-recovery.js';
import { useHanded } from './entry.js';
import { OfThisRegion } from './of-this-region.js';
import { Onward } from './onward.js';

/** A new password for who has lost hers: asked for here, or come here by the mail's link or from an undone change of address. */
export function Recover() {
  const handed = useHanded();
  const [asked, setAsked] = useState<{ readonly id: string; readonly email: string }>();
  const [isDropped, setIsDropped] = useState(false);
  const linked = isDropped ? undefined : fragment.recovery;
  const id = asked?.id ?? linked ?? (isDropped ? undefined : handed.recovery);
  if (id === undefined) return <AskForRecovery onAsked={setAsked} />;
  const restart = (): void => {
    setIsDropped(true);
    setAsked(undefined);
  };
  const code = id === linked ? fragment.code : undefined;
  return (
    <OfThisRegion id={id} path="/recover">
      <CompleteRecovery id={id} email={asked?.email} code={code} onRestart={restart} />
    </OfThisRegion>
  );
}

function AskForRecovery(props: { readonly onAsked: (asked: { readonly id: string; readonly email: string }) => void }) {
  const t = useTranslations('wayIn.recover');
  const keyFor = useKey();
  const handed = useHanded();
  const field = usePersonalField('person.profile', 'email');
  const action = useAction(async ({ email = '' }: Typed) => {
    const body = { email: email.trim() };
    const { recovery } = await answered(api.POST('/v1/recoveries', { params: { header: keyFor(body) }, body }));
    props.onAsked({ id: recovery.id, email: body.email });
  });
  return (
    <Sheet title={t('title')} lead={t('lead', { region: region.name })}>
      <Form action={action}>
        <Field name="email" kind="email" label={t('email')} description={field.why} autoComplete="username" />
        <Submit>{t('submit')}</Submit>
      </Form>
      <Text size="sm" ta="center">
        <Anchor component={Onward} href="/sign-in" handed={handed} inherit underline="always">
          {t('toSignIn')}
        </Anchor>
      </Text>
    </Sheet>
  );
}
