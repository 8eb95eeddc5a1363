import type { ProblemCatalogue } from '@domicile/runtime';

/** How the vault refuses, beside the errors of the door. */
export const VAULT_ERRORS = {
  'vault.value_refused': {
    status: 500,
    title: 'Sealed value refused',
    detail: 'A sealed value was altered or does not belong where it was found; nothing of it was opened.',
  },
  'vault.key_destroyed': {
    status: 410,
    title: 'Erased',
    detail: 'The key of this data was destroyed on erasure; nobody can read it again.',
  },
  'vault.key_missing': {
    status: 503,
    title: 'Key not available',
    detail: 'The key of this data cannot be had just now; nothing was changed, try again later.',
  },
} as const satisfies ProblemCatalogue;
