import type { wayIn as english } from '../en/way-in.js';
import type { Words } from '../words.js'; /** The pages before somebody is signed in. */
export const wayIn = {
  signIn: {
    title: 'Anmelden',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    submit: 'Anmelden',
  },
} satisfies Words<typeof english>;
