import { useTranslations } from 'use-intl';
import { Field } from '../components/form.js';

/** A code as it was typed or pasted, without the spaces and hyphens that make it readable. */
export function digitsOf(typed = ''): string {
  return typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '');
}

/** For the eight digits of a mail. */
export function CodeField() {
  const t = useTranslations('wayIn.code');
  return (
    <Field
      name="code"
      label={t('label')}
      description={t('help')}
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="1234 5678"
    />
  );
}

/** A password to be chosen. */
export function NewPasswordField() {
  const t = useTranslations('wayIn.code');
  return (
    <Field
      name="password"
      kind="password"
      label={t('newPassword')}
      description={t('passwordHelp')}
      autoComplete="new-password"
    />
  );
}

/** Tells password managers whom the password on this page belongs to; nobody sees it. */
export function Username({ email }: { readonly email: string | undefined }) {
  if (email === undefined) return null;
  return <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />;
}
