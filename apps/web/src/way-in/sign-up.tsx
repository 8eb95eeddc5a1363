import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { region } from '../page.js';
import { Sheet } from '../components/sheet.js';
import { AskForSignUp, type SignUpAsked } from './ask-for-sign-up.js';
import { ConfirmSignUp } from './confirm-sign-up.js';
import { CookieNote } from './notes.js';
import { RegionFacts } from './region-facts.js';

/** Signing up in two steps: who you are to be, and that the mailbox is yours. */
export function SignUp() {
  const t = useTranslations('wayIn.signUp');
  const [asked, setAsked] = useState<SignUpAsked>();
  const [isMailed, setIsMailed] = useState(false);
  const askAgain = (): void => setIsMailed(false);
  if (asked && isMailed) return <ConfirmSignUp id={asked.id} email={asked.typed.email} onRestart={askAgain} />;
  return (
    <Sheet title={t('title')} lead={t('lead', { region: region.name })}>
      <RegionFacts />
      <CookieNote />
      <AskForSignUp
        typed={asked?.typed}
        onAsked={(done) => {
          setAsked(done);
          setIsMailed(true);
        }}
      />
    </Sheet>
  );
}
