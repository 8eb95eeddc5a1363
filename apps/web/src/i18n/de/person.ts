import type { person as english } from '../en/person.js';
import type { Words } from '../words.js';

export const person = {
  proof: {
    title: 'Bitte weisen Sie sich aus',
    lead: 'Für den nächsten Schritt brauchen wir einen Nachweis, der jünger als zehn Minuten ist.',
    withPasskey: 'Passkey benutzen',
    code: 'Code Ihrer Authenticator-App',
    withCode: 'Code benutzen',
    password: 'Passwort',
    withPassword: 'Passwort benutzen',
  },
} satisfies Words<typeof english>;
