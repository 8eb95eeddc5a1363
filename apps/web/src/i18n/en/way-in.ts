/** The pages before somebody is signed in. */
export const wayIn = {
  signIn: {
    title: 'Sign in',
    email: 'E-mail address',
    password: 'Password',
    submit: 'Sign in',
  },
} as const;
