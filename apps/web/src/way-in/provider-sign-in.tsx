import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { answered, api } from '../api/client.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { keepBegun } from './begun-elsewhere.js';

interface Props {
  /** Own path to go on to afterwards. */
  readonly to: string;
  readonly onOtherWay: () => void;
}

/** Signing in where the company of somebody does it: by the domain of her address, and then at its provider. */
export function ProviderSignIn({ to, onOtherWay }: Props) {
  const t = useTranslations('wayIn.provider');
  const words = useTranslations('wayIn.signIn');
  const keyFor = useKey();
  const action = useAction(async ({ email = '' }: Typed) => {
    const body = { email: email.trim() };
    const params = { header: keyFor(body) };
    const { signIn, continueAt } = await answered(api.POST('/v1/sign-ins/provider', { params, body }));
    keepBegun({ id: signIn.id, token: signIn.token, to });
    location.assign(continueAt);
  });
  return (
    <Sheet title={t('title')} lead={t('lead')}>
      <Form action={action}>
        <Field name="email" kind="email" label={words('email')} autoComplete="email" />
        <Submit>{t('submit')}</Submit>
      </Form>
      <Button variant="subtle" onClick={onOtherWay}>
        {t('otherWay')}
      </Button>
    </Sheet>
  );
}
