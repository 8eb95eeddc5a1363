import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { type Person, PersonAddress } from '../person.entity.js';
import { KnownDevice } from './known-device.entity.js';

/** Id of a known device. */
export type KnownDeviceId = Id<typeof ID_PREFIXES.knownDevice>;

const BY_ADDRESS_PARAMS = { id: value.id(ID_PREFIXES.knownDevice), addressKey: value.bytes };
const BY_ADDRESS_ROW = { secretHash: value.bytes, expiresAt: value.time };
const PERSON_PARAMS = { personId: value.id(ID_PREFIXES.person) };
const OVER_PARAMS = { before: value.time, limit: value.integer };

/** What a known device begins as. */
export type KnownDeviceRow = Pick<KnownDevice, 'id' | 'personId' | 'secretHash' | 'expiresAt'>;

/** Devices of one person; the oldest is forgotten for a new one. */
export const DEVICES_MAX = 20;

/** Known devices of a region. Nothing that it returns is proven: see known-devices.ts. */
export class KnownDeviceRepository {
  readonly #devices: Table<KnownDevice>;
  readonly #byAddress: Statement<KnownDevice | PersonAddress, typeof BY_ADDRESS_PARAMS, typeof BY_ADDRESS_ROW>;
  readonly #eraseOldest: Statement<KnownDevice, typeof PERSON_PARAMS, Record<never, never>>;
  readonly #eraseAll: Statement<KnownDevice, typeof PERSON_PARAMS, Record<never, never>>;
  readonly #eraseOver: Statement<KnownDevice, typeof OVER_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    const tables = [KnownDevice] as const;
    this.#devices = door.table(KnownDevice);
    this.#byAddress = door.statement({
      name: 'known_device.by_address',
      tables: [KnownDevice, PersonAddress],
      sql: `select d.secret_hash as "secretHash", d.expires_at as "expiresAt"
        from known_device d join person_address a on a.person_id = d.person_id
        where d.id = :id and a.key = :addressKey and a.kept_by is null`,
      params: BY_ADDRESS_PARAMS,
      row: BY_ADDRESS_ROW,
    });
    this.#eraseOldest = door.statement({
      name: 'known_device.erase_oldest',
      tables,
      sql: `delete from known_device where id in
        (select id from known_device where person_id = :personId order by id desc offset ${DEVICES_MAX})`,
      params: PERSON_PARAMS,
      row: {},
    });
    this.#eraseAll = door.statement({
      name: 'known_device.erase_all',
      tables,
      sql: 'delete from known_device where person_id = :personId',
      params: PERSON_PARAMS,
      row: {},
    });
    this.#eraseOver = door.statement({
      name: 'known_device.erase_over',
      tables,
      sql: `delete from known_device where id in
        (select id from known_device where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /** What proves a device of the person who signs in with that address; null when it is none of hers. */
  byAddress(ctx: RegionContext, id: KnownDeviceId, addressKey: Buffer) {
    return this.#byAddress.one(ctx, { id, addressKey });
  }

  /** Adds a device, and forgets the oldest beyond twenty. */
  async insert(tx: RegionContext, device: KnownDeviceRow): Promise<void> {
    await this.#devices.insert(tx, device);
    await this.#eraseOldest.run(tx, { personId: device.personId });
  }

  async eraseAll(tx: RegionContext, personId: Person['id']): Promise<void> {
    await this.#eraseAll.run(tx, { personId });
  }

  /** Removes devices that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }
}
