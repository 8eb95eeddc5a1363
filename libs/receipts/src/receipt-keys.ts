import { type ReceiptKeyPin, type Region, type Regions, ResidencyError } from '@domicile/residency';
import { receiptSigner, type ReceiptSigner } from './receipt-key-files.js';

/** Where one served region keeps its keys. */
export interface ReceiptKeysFolder {
  /** The region's code. */
  readonly region: string;
  /** `<home>/keys` of that region. */
  readonly keysDir: string;
}

/**
 * The keys that sign the receipts of the regions served here, each pinned in the region file as that region's newest: a receipt that
 * nobody could check against public pins is not issued at all.
 */
export class ReceiptKeys {
  readonly #signers: ReadonlyMap<string, ReceiptSigner>;

  /** @throws ResidencyError residency.configuration_invalid when a key cannot be used or is not the newest that the region file pins */
  constructor(folders: readonly ReceiptKeysFolder[], regions: Regions) {
    this.#signers = new Map(
      folders.map(({ region, keysDir }) => {
        const signer = receiptSigner(keysDir, region);
        assertPinned(signer, regions.get(region));
        return [region, signer];
      }),
    );
  }

  /** @throws ResidencyError residency.crossing for a region not served here */
  signer(region: Region): ReceiptSigner {
    const signer = this.#signers.get(region.code);
    if (!signer)
      throw new ResidencyError('residency.crossing', `This process holds no receipt key of region ${region.code}.`);
    return signer;
  }
}

/**
 * The text of a region file with these keys pinned beside those that it pins already: for whoever runs everything on one machine.
 * @param content the parsed region file
 * @param histories of the regions, by code; see {@link receiptKeyHistory}
 */
export function pinReceiptKeys(
  content: unknown,
  histories: Readonly<Record<string, readonly ReceiptKeyPin[]>>,
): string {
  const { regions } = content as {
    readonly regions: readonly { code: string; receiptKeys?: readonly ReceiptKeyPin[] }[];
  };
  const rows = regions.map((row) => {
    const pins = new Map([...(row.receiptKeys ?? []), ...(histories[row.code] ?? [])].map((pin) => [pin.keyId, pin]));
    return { ...row, receiptKeys: [...pins.values()] };
  });
  return `${JSON.stringify({ regions: rows }, null, 2)}\n`;
}

function assertPinned({ keyId }: ReceiptSigner, region: Region): void {
  if (region.receiptKeys.at(-1)?.keyId === keyId) return;
  const pinned = region.receiptKeys.some((pin) => pin.keyId === keyId);
  throw new ResidencyError(
    'residency.configuration_invalid',
    pinned
      ? `The receipt key ${keyId} of region ${region.code} is not the newest one that the region file pins; put the newest key into its keys folder.`
      : `The receipt key ${keyId} of region ${region.code} is not pinned in the region file; add what "domicile receipt-keys public --region ${region.code}" prints to that region's receiptKeys.`,
  );
}
