import { ACCOUNT_ENTITIES } from '@domicile/accounts';
import { MESSAGING_ENTITIES } from '@domicile/messaging';
import type { EntityClass, Migration } from '@domicile/residency';
import { FirstAccounts1795305600000 } from './1795305600000-first-accounts.js';
import { AffiliationByAccount1795392000000 } from './1795392000000-affiliation-by-account.js';

/** Every migration in order: one set for every region. A migration that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [FirstAccounts1795305600000, AffiliationByAccount1795392000000];

/** Every table of the application: what the migrations must end in, and what the application role is granted. */
export const ENTITIES: readonly EntityClass[] = [...MESSAGING_ENTITIES, ...ACCOUNT_ENTITIES];
