/** @packageDocumentation The residency core: see ../README.md. What is not exported here is nobody else's business. */
export { RESIDENCY_ERRORS, ResidencyError, isResidencyError, type ResidencyErrorCode } from './errors.js';
export { Regions, type PublicPorts, type Region } from './regions.js';
export { ACCOUNT_PREFIX, IdCodec, type AccountId, type Id, type ParsedId } from './ids.js';
export { SecretCodec, sameHash, type MintedSecret, type PresentedSecret } from './secrets.js';
export {
  Contexts,
  type AccountContext,
  type Actor,
  type Origin,
  type RegionContext,
  type UnitOptions,
} from './context.js';
export {
  AccountRow,
  IdColumn,
  Locator,
  LocatorRow,
  NotPersonal,
  Personal,
  Regional,
  RegionalRow,
  Resident,
  ResidentRow,
  Sealed,
  declarations,
  fieldSet,
  homeCheck,
  homeChecks,
  type EntityClass,
  type FieldSet,
  type IdKind,
  type PersonalDeclaration,
  type TableDeclaration,
  type TableKind,
} from './declarations.js';
export { Door, KeyDoor, keyDoor, rowDoor } from './door.js';
export { type Table } from './table.js';
export { type Statement } from './statement.js';
export { value } from './values.js';
export { isWrongDatabase } from './handshake.js';
export { type Check, type DatabaseIdentity, type Finding } from './inspection.js';
export { type ReceiptKeyPin, pinnedKey, receiptKeyFingerprint, receiptKeyId } from './receipt-pins.js';
export { endpointOf } from './connection.js';
export { markerPublicKey, type DatabasePurpose, type Marker } from './marker.js';
export {
  EMBEDDED,
  initRegionDatabase,
  migrateRegionDatabase,
  resealRegionDatabase,
  schemaDrift,
  type MigrateOptions,
  type Migration,
  type ProvisionOptions,
} from './provision.js';
export { type RegionDatabaseOptions } from './region-database.js';
export { ResidencyModule, type ResidencyOptions } from './residency.module.js';
export { Ctx, IdParam, Regionless } from './http/region.guard.js';
export { contextOf, ORIGIN_ALONE, type OriginOf, REGIONLESS, regionOf } from './http/region-hooks.js';
export { credentialRefused } from './http/region-router.js';
export {
  cookieNamed,
  FORGET_SECRET_COOKIE,
  hasSecretCookie,
  SECRET_COOKIE,
  secretCookie,
} from './http/secret-cookie.js';
