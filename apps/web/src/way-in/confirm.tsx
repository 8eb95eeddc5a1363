import { useLocation } from 'wouter';
import { fragment } from '../fragment.js';
import { ConfirmSignUp } from './confirm-sign-up.js';
import { IncompleteLink } from './notes.js';
import { OfThisRegion } from './of-this-region.js';

/** The link of a sign-up's mail, in whatever browser it was opened. Opening it confirms nothing: that takes a password or a passkey. */
export function Confirm() {
  const [, navigate] = useLocation();
  const { signup, code } = fragment;
  if (signup === undefined || code === undefined) return <IncompleteLink />;
  return (
    <OfThisRegion id={signup} path="/confirm">
      <ConfirmSignUp id={signup} code={code} onRestart={() => navigate('/sign-up')} />
    </OfThisRegion>
  );
}
