import type { FailureStreakId, FailureStreaks, RateLimits, Tried } from '@domicile/requests';
import type { RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import { ADDRESS_INDEX, normaliseEmail } from '../email-address.js';
import type { Person } from '../person.entity.js';
import type { KnownDeviceId } from './known-device.repository.js';
import type { KnownDevices } from './known-devices.js';

/** A try to sign in that may be made. */
export interface Admitted {
  /** In normal form. */
  readonly address: string;
  /** The known device that it is made on, and counted on until it turns out to be right. */
  readonly device: KnownDeviceId | null;
}

/** What a right try brings with it. */
export interface Welcome {
  /** That are over: of the address, and of the device where it was known before. */
  readonly streaks: { readonly address: FailureStreakId; readonly device?: FailureStreakId };
  /** The device, where it was not known before. */
  readonly known?: ReturnType<KnownDevices['prepare']>;
}

/** Where somebody tries to sign in. */
export interface Attempt {
  readonly network: string;
  readonly email: string;
  /** The header `Device-Token`, as sent. */
  readonly deviceToken: string | undefined;
}

/**
 * Stands before every sign-in: limits by address, network and region, and a hundred failures in a row. Who is past them gets in from
 * a device that she has signed in on, which strangers' tries do not count for: so guessing is bounded, and nobody can be locked out.
 * Known and unknown addresses take the same steps.
 */
export class SignInGate {
  constructor(
    private readonly limits: RateLimits,
    private readonly streaks: FailureStreaks,
    private readonly devices: KnownDevices,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** @throws Problem request.rate_limited, session.device_needed; ResidencyError residency.misdirected (a device of another region) */
  async admit(ctx: RegionContext, { network, email, deviceToken }: Attempt): Promise<Admitted> {
    const address = normaliseEmail(email) ?? '';
    const addressKey = this.blindIndex.of(ctx, ADDRESS_INDEX, address);
    const device = await this.devices.recognise(ctx, deviceToken, addressKey);
    const tried = device === null ? onAddress(address) : onDevice(device);
    const on = { device, streak: this.streaks.idOf(ctx, tried) };
    const mayFail = (await this.limits.signIn(ctx, network, address, on)) ?? (await this.streaks.count(ctx, tried));
    if (!mayFail) throw new Problem('session.device_needed' satisfies AccountErrorCode);
    return { address, device };
  }

  /** The try was right: streaks are over, and the device is known from now on. Stored with the session, see {@link ArrivalRepository}. */
  welcome(ctx: RegionContext, admitted: Admitted, personId: Person['id']): Welcome {
    const { device } = admitted;
    const address = this.streaks.idOf(ctx, onAddress(admitted.address));
    return device === null
      ? { streaks: { address }, known: this.devices.prepare(ctx, personId) }
      : { streaks: { address, device: this.streaks.idOf(ctx, onDevice(device)) } };
  }

  /** The try was right, and had been answered before. */
  forgive(ctx: RegionContext, admitted: Admitted): Promise<void> {
    return this.streaks.forget(ctx, ...triedBy(admitted));
  }

  /** Somebody proved an address by its mailbox. @param address in normal form @param tx the transaction of the recovery */
  async readmit(tx: RegionContext, address: string): Promise<void> {
    await this.streaks.forget(tx, onAddress(address));
  }
}

function triedBy({ address, device }: Admitted): Tried[] {
  return [onAddress(address), ...(device === null ? [] : [onDevice(device)])];
}

function onAddress(subject: string): Tried {
  return { kind: 'address', subject };
}

function onDevice(subject: KnownDeviceId): Tried {
  return { kind: 'device', subject };
}
