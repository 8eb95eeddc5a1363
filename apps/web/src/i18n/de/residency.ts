import type { residency as english } from '../en/residency.js';
import type { Words } from '../words.js';
export const residency = {
  title: 'residency',
} satisfies Words<typeof english>;
