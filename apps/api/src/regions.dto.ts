import { ApiProperty } from '@nestjs/swagger';
import { ReceiptKeyView } from '@domicile/receipts';

/** Addresses of a region. */
export class OriginsView {
  /** Where customers send everything of this region. */
  @ApiProperty()
  customer!: string;

  @ApiProperty()
  staff!: string;
}

/** Who is responsible for a region. */
export class OwnerView {
  @ApiProperty()
  name!: string;

  /** ISO 3166-1 alpha-2. */
  @ApiProperty({ example: 'DE' })
  country!: string;
}

/** The public facts of a region. */
export class RegionView {
  /** Stands in ids, paths and secrets. */
  @ApiProperty({ pattern: '^[a-z]{2,8}$' })
  code!: string;

  /** Stands in the bytes of every id; never used again for another region. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 1023 })
  number!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  jurisdiction!: string;

  /** ISO 3166-1 alpha-2. */
  @ApiProperty({ type: [String] })
  countries!: readonly string[];

  @ApiProperty()
  origins!: OriginsView;

  @ApiProperty()
  owner!: OwnerView;

  /** Where the data lies, as the operator attests. */
  @ApiProperty()
  dataCentres!: string;

  /** `#rrggbb`, to tell regions apart at a glance. */
  @ApiProperty()
  accent!: string;

  /** What its receipts are, and were, signed with; oldest first. */
  @ApiProperty({ type: [ReceiptKeyView] })
  receiptKeys!: readonly ReceiptKeyView[];

  /** True when the process that answered serves it itself. */
  @ApiProperty()
  served!: boolean;
}

/** All regions of this installation; none of them is a default. */
export class RegionList {
  @ApiProperty({ type: [RegionView] })
  regions!: RegionView[];
}
