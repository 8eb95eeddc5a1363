import type { person as english } from '../en/person.js';
import type { Words } from '../words.js';
export const person = {
  title: 'person',
} satisfies Words<typeof english>;
