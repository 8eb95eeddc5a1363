import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Page } from '../../components/area-frame.js';
import { Resource } from '../../components/resource.js';
import { factorsQuery } from '../queries.js';
import { Advice } from './advice.js';
import { Applications } from './applications.js';
import { AuthenticatorApp } from './authenticator-app.js';
import { Passkeys } from './passkeys.js';
import { Password } from './password.js';
import { RecoveryCodes } from './recovery-codes.js';

/** What she signs in with: advice first, then each factor, then who else may know who she is. */
export function SecurityPage() {
  const t = useTranslations('person.security');
  const nav = useTranslations('account.nav');
  const query = useQuery(factorsQuery);
  return (
    <Page title={nav('security')} lead={t('lead')}>
      <Resource query={query}>
        {(factors) => (
          <>
            <Advice factors={factors} />
            <Passkeys passkeys={factors.passkeys} />
            <AuthenticatorApp present={factors.hasTotp} />
            <RecoveryCodes left={factors.recoveryCodesLeft} />
            <Password present={factors.hasPassword} />
            <Applications />
          </>
        )}
      </Resource>
    </Page>
  );
}
