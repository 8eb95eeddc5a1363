/** What belongs to the person: security, profile, preferences. */
export const person = {
  proof: {
    title: 'Prove who you are',
    lead: 'What you are about to do asks for a proof that is younger than ten minutes.',
    withPasskey: 'Use a passkey',
    code: 'Code of your authenticator app',
    withCode: 'Use the code',
    password: 'Password',
    withPassword: 'Use the password',
  },
} as const;
