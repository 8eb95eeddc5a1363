import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { answered, api } from '../api/client.js';
import { begin, sessionForm } from '../api/session.js';
import { Field, Form, Submit } from '../components/form.js';
import { Sheet } from '../components/sheet.js';
import { useAction } from '../components/use-action.js';

export function SignIn() {
  const t = useTranslations('wayIn.signIn');
  const [, navigate] = useLocation();
  const action = useAction(async ({ email = '', password = '' }) => {
    const body = { email, password, sessionForm: sessionForm() };
    const answer = await answered(api.POST('/v1/sessions', { body }));
    if ('session' in answer) {
      begin(answer.session);
      navigate('/');
    }
  });
  return (
    <Sheet title={t('title')}>
      <Form action={action}>
        <Field name="email" kind="email" label={t('email')} autoComplete="username webauthn" />
        <Field name="password" kind="password" label={t('password')} autoComplete="current-password" />
        <Submit>{t('submit')}</Submit>
      </Form>
    </Sheet>
  );
}
