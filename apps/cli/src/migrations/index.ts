import { ACCOUNT_ENTITIES } from '@domicile/accounts';
import { FEDERATION_ENTITIES } from '@domicile/federation';
import { MESSAGING_ENTITIES } from '@domicile/messaging';
import { OIDC_ENTITIES } from '@domicile/oidc';
import { REQUEST_ENTITIES } from '@domicile/requests';
import type { EntityClass, Migration } from '@domicile/residency';
import { KEY_STORE_ENTITIES, VAULT_ENTITIES } from '@domicile/vault';
import { FirstAccounts1795305600000 } from './1795305600000-first-accounts.js';
import { AffiliationByAccount1795392000000 } from './1795392000000-affiliation-by-account.js';
import { KeyStore1795478300000 } from './1795478300000-key-store.js';
import { RewriteSealed1795478500000, sealedColumns } from './1795478400000-sealed-columns.js';
import { RequestState1795651200000 } from './1795651200000-request-state.js';
import { Identity1795737600000 } from './1795737600000-identity.js';
import { SessionsSeen1795910400000 } from './1795910400000-sessions-seen.js';
import { Factors1795996800000 } from './1795996800000-factors.js';
import { People1796169600000 } from './1796169600000-people.js';
import { AddressLife1796083200000 } from './1796083200000-address-life.js';
import { Oidc1796256000000 } from './1796256000000-oidc.js';
import { OidcConsents1796346000000 } from './1796346000000-oidc-consents.js';
import { Federation1796342400000 } from './1796342400000-federation.js';
import { DeadLetters1795824000000 } from './1795824000000-dead-letters.js';
import { TombstonesByTime1796344200000 } from './1796344200000-tombstones-by-time.js';
import { HomeFunctions1796347800000 } from './1796347800000-home-functions.js';
import { NO_SEALER, type RowSealer } from './row-sealer.js';

/**
 * Every migration of the rows in order: one set for every region. A migration that was released is never changed.
 * @param sealer for databases that hold rows from before they were sealed
 */
export function migrationsWith(sealer: RowSealer): readonly Migration[] {
  return [
    FirstAccounts1795305600000,
    AffiliationByAccount1795392000000,
    sealedColumns(sealer),
    RewriteSealed1795478500000,
    RequestState1795651200000,
    Identity1795737600000,
    DeadLetters1795824000000,
    SessionsSeen1795910400000,
    Factors1795996800000,
    AddressLife1796083200000,
    People1796169600000,
    Oidc1796256000000,
    Federation1796342400000,
    TombstonesByTime1796344200000,
    OidcConsents1796346000000,
    HomeFunctions1796347800000,
  ];
}

/** The same for a database without rows. */
export const MIGRATIONS = migrationsWith(NO_SEALER);

/** Every table of the application: what the migrations must end in, and what the application role is granted. */
export const ENTITIES: readonly EntityClass[] = [
  ...MESSAGING_ENTITIES,
  ...REQUEST_ENTITIES,
  ...ACCOUNT_ENTITIES,
  ...OIDC_ENTITIES,
  ...FEDERATION_ENTITIES,
  ...VAULT_ENTITIES,
];

/** The same two of the regions' key stores. */
export const KEY_STORE_MIGRATIONS: readonly Migration[] = [
  KeyStore1795478300000,
  TombstonesByTime1796344200000,
  HomeFunctions1796347800000,
];
export const KEY_STORE_TABLES: readonly EntityClass[] = KEY_STORE_ENTITIES;

export { type RowSealer, withRowSealer } from './row-sealer.js';
