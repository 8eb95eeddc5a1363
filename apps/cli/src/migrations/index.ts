import { ACCOUNT_ENTITIES } from '@domicile/accounts';
import { MESSAGING_ENTITIES } from '@domicile/messaging';
import { REQUEST_ENTITIES } from '@domicile/requests';
import type { EntityClass, Migration } from '@domicile/residency';
import { FirstAccounts1795305600000 } from './1795305600000-first-accounts.js';
import { RequestState1795651200000 } from './1795651200000-request-state.js';

/** Every migration in order: one set for every region. A migration that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [FirstAccounts1795305600000, RequestState1795651200000];

/** Every table of the application: what the migrations must end in, and what the application role is granted. */
export const ENTITIES: readonly EntityClass[] = [...MESSAGING_ENTITIES, ...REQUEST_ENTITIES, ...ACCOUNT_ENTITIES];
