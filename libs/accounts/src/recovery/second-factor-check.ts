import type { RegionContext } from '@domicile/residency';
import type { Factor } from '../factor.js';
import type { Whence } from '../origin/origin.js';
import type { Person } from '../person.entity.js';

/** What somebody presents beside the code of a recovery. */
export interface PresentedFactor {
  readonly kind: Factor;
  readonly code: string;
}

/**
 * What a mailbox alone must not open: the second factors of a person (decision 031). The interface that a recovery needs of them; who
 * keeps the factors implements it.
 */
export abstract class SecondFactorCheck {
  /** The factors of which one more is to be proved; empty when the person has none. */
  abstract of(ctx: RegionContext, personId: Person['id']): Promise<readonly Factor[]>;

  /** Whether that proves one of them; what can be used once is used up. @param tx the transaction of the recovery @param from of who presents it */
  abstract prove(tx: RegionContext, personId: Person['id'], presented: PresentedFactor, from: Whence): Promise<boolean>;
}
