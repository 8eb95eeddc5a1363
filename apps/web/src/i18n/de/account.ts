import type { account as english } from '../en/account.js';
import type { Words } from '../words.js';
export const account = {
  title: 'account',
} satisfies Words<typeof english>;
