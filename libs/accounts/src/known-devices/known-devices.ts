import {
  type IdCodec,
  type PresentedSecret,
  type RegionContext,
  ResidencyError,
  sameHash,
  type SecretCodec,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, SECRET_PREFIXES } from '@domicile/runtime';
import type { Person } from '../person.entity.js';
import type { KnownDeviceId, KnownDeviceRepository, KnownDeviceRow } from './known-device.repository.js';

/** A browser keeps a cookie no longer than that either (RFC 6265bis section 5.5). */
const DEVICE_TTL_MILLISECONDS = 400 * 24 * 60 * 60 * 1000;

/** A device just made known; `token` is shown this once. */
export interface NewDevice {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Remembers on which devices a person has signed in. */
export class KnownDevices {
  constructor(
    private readonly devices: KnownDeviceRepository,
    private readonly ids: IdCodec,
    private readonly secrets: SecretCodec,
    private readonly clock: Clock,
  ) {}

  /**
   * The device that a header presents, if it is one of the person who has that address; anything else is a stranger's.
   * @throws ResidencyError residency.misdirected for a device of another region
   */
  async recognise(ctx: RegionContext, header: string | undefined, addressKey: Buffer): Promise<KnownDeviceId | null> {
    const presented = header === undefined ? null : this.secrets.parse(header);
    if (presented?.prefix !== SECRET_PREFIXES.device) return null;
    assertHere(ctx, presented);
    const id = presented.id as KnownDeviceId;
    const row = await this.devices.byAddress(ctx, id, addressKey);
    return row && sameHash(row.secretHash, presented.hash) && row.expiresAt > this.clock.now() ? id : null;
  }

  /** A device that is to be known for 400 days: what is shown, and the row for who stores it. */
  prepare(ctx: RegionContext, personId: Person['id']): { device: NewDevice; row: KnownDeviceRow } {
    const id = this.ids.mint(ID_PREFIXES.knownDevice, ctx.region);
    const { text, hash } = this.secrets.mint(SECRET_PREFIXES.device, ctx.region, id);
    const expiresAt = new Date(this.clock.now().getTime() + DEVICE_TTL_MILLISECONDS);
    return { device: { token: text, expiresAt }, row: { id, personId, secretHash: hash, expiresAt } };
  }

  /** Makes a device known; of a person's devices the twenty newest are. @param tx the transaction of what makes it so */
  async add(tx: RegionContext, personId: Person['id']): Promise<NewDevice> {
    const { device, row } = this.prepare(tx, personId);
    await this.devices.insert(tx, row);
    return device;
  }

  /** Forgets all devices of a person: one of them may be a stranger's. */
  forgetAll(tx: RegionContext, personId: Person['id']): Promise<void> {
    return this.devices.eraseAll(tx, personId);
  }
}

function assertHere(ctx: RegionContext, { region }: PresentedSecret): void {
  if (region === ctx.region) return;
  throw new ResidencyError('residency.misdirected', undefined, {
    headers: { connection: 'close' },
    members: { hostingRegion: { code: region.code, origin: region.origins.customer } },
  });
}
