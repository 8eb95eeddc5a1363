import type { PERSONAL_FIELDS } from '@domicile/api-client';

type Fields = (typeof PERSONAL_FIELDS)[keyof typeof PERSONAL_FIELDS];
type PurposeOf<S> = S extends unknown ? S[keyof S] : never;
/** Every purpose that a personal field declares, word for word. */
export type Purpose = PurposeOf<Fields>['purpose'];

/** The declared purposes in German. A new purpose without words does not compile. */
export const PURPOSES_DE: Readonly<Record<Purpose, string>> = {
  'to name whom the bill goes to': 'um zu nennen, an wen die Rechnung geht',
  'to address the bill': 'um die Rechnung zu adressieren',
  'to know which tax applies': 'um zu wissen, welche Steuer gilt',
  'to state it on the bill': 'um sie auf der Rechnung zu nennen',
  'to name the account to the people in it': 'um das Konto für die Personen darin zu benennen',
  'to know a device of her own from a stranger’s': 'um ein eigenes Gerät von einem fremden zu unterscheiden',
  'to send the code that confirms the change': 'um den Code zu senden, der die Änderung bestätigt',
  'to announce the change there, and to bring it back': 'um die Änderung dort anzukündigen und zurücknehmen zu können',
  'to know whose people sign in with your own provider':
    'um zu wissen, wessen Personen sich mit Ihrem eigenen Anbieter anmelden',
  'to send its people to their own sign-in': 'um seine Personen zu ihrer eigenen Anmeldung zu führen',
  'to be known to that provider': 'um diesem Anbieter bekannt zu sein',
  'to prove ourselves to that provider': 'um uns gegenüber diesem Anbieter auszuweisen',
  'to tell your tokens apart': 'um Ihre Tokens zu unterscheiden',
  'to sign in': 'um sich anzumelden',
  'to send the invitation': 'um die Einladung zu senden',
  'to sign in with a passkey': 'um sich mit einem Passkey anzumelden',
  'to tell your passkeys apart': 'um Ihre Passkeys zu unterscheiden',
  'to write to you in your language': 'um Ihnen in Ihrer Sprache zu schreiben',
  'to show times as your clock does': 'um Zeiten so zu zeigen wie Ihre Uhr',
  'to sign in, and to receive the mail that the account needs':
    'um sich anzumelden und die Post zu erhalten, die das Konto braucht',
  'to be called by a name': 'um mit Namen genannt zu werden',
  'to send the code that confirms the signup': 'um den Code zu senden, der die Registrierung bestätigt',
  'to name the account once it is confirmed': 'um das Konto zu benennen, sobald es bestätigt ist',
  'to be called by a name once it is confirmed': 'um mit Namen genannt zu werden, sobald es bestätigt ist',
  'to write in a language that the person reads': 'um in einer Sprache zu schreiben, die Sie lesen',
  'to prove yourself with a code of your authenticator app':
    'um sich mit einem Code Ihrer Authenticator-App auszuweisen',
};
