import type { AccountId, DatabaseIdentity, Region } from '@domicile/residency';
import type { CountedRows } from './account-rows.js';
import type { Inspection } from './inspector.js';
import type { MeasuredFact, ResidencyReceipt } from './receipt.dto.js';

/** Type of what a receipt's envelope holds; another format is another type. */
export const RECEIPT_TYPE = 'application/vnd.domicile.residency-receipt+json';
/** Version of the payload's format. */
export const RECEIPT_FORMAT = 1;

/** An inspection older than this says nothing about the present: three looks were missed. */
export const INSPECTION_AGE_MILLISECONDS_MAX = 15 * 60 * 1000;
/** How long a receipt may be shown as current; what it states is of its moment in any case. */
const VALID_MILLISECONDS = 24 * 60 * 60 * 1000;
/** A clock that was set back a little makes no inspection of the future. */
const CLOCK_SLACK_MILLISECONDS = 60_000;

/** What the process says of itself. */
export interface Issuing {
  readonly stack: string;
  readonly environment: string;
  readonly topology: string;
}

/** Everything that was measured for one receipt. */
export interface Measures {
  readonly region: Region;
  readonly issuing: Issuing;
  readonly account: AccountId;
  readonly dataKey: string;
  readonly rows: readonly CountedRows[];
  readonly notCounted: readonly string[];
  /** What the database proved to be just now, or why it could not. */
  readonly identity: DatabaseIdentity | { readonly refused: string };
  readonly inspection: Inspection | undefined;
  /** Id of the key that will sign. */
  readonly keyId: string;
  readonly at: Date;
}

/**
 * The receipt that these measures give. It holds when every measured fact does, and says which ones do not; what only the operator
 * can know stands apart, as attested: a label is not a place. Pure.
 */
export function residencyReceipt(measures: Measures): ResidencyReceipt {
  const { region, issuing, account, dataKey, rows, notCounted, identity, at } = measures;
  const measured = measuredFacts(measures);
  const because = measured.filter(({ holds }) => !holds).map(({ fact, value }) => `${fact}: ${value}`);
  return {
    format: RECEIPT_FORMAT,
    holds: because.length === 0,
    because,
    issuedAt: at.toISOString(),
    validUntil: new Date(at.getTime() + VALID_MILLISECONDS).toISOString(),
    issuer: {
      region: region.code,
      number: region.number,
      name: region.name,
      jurisdiction: region.jurisdiction,
      owner: { ...region.owner },
      origin: region.origins.customer,
    },
    ...issuing,
    database: 'refused' in identity ? null : { ...identity },
    account: { id: account, dataKey, rows: [...rows], notCounted: [...notCounted] },
    measured,
    attested: attestedFacts(region),
  };
}

function measuredFacts({ region, rows, identity, inspection, keyId, at }: Measures): MeasuredFact[] {
  const now = at.toISOString();
  const total = rows.reduce((sum, each) => sum + each.rows, 0);
  const home = rows.reduce((sum, each) => sum + each.home, 0);
  const marker =
    'refused' in identity
      ? { value: `the database was refused (${identity.refused})`, holds: false }
      : { value: `database ${identity.database} was proven by its signed marker`, holds: true };
  const pin = region.receiptKeys.find((each) => each.keyId === keyId);
  const current = pin !== undefined && pin.from <= now && (pin.until === undefined || now < pin.until);
  return [
    { fact: 'database.marker', ...marker, measuredAt: now },
    {
      fact: 'account.rows',
      value: `${home} of ${total} rows of the account and its people have ids of region ${region.code} alone`,
      holds: total > 0 && rows.every((each) => each.home === each.rows),
      measuredAt: now,
    },
    {
      fact: 'receipt.key',
      value: `${keyId} is ${current ? '' : 'not '}pinned in the public region file for this time`,
      holds: current,
      measuredAt: now,
    },
    ageFact(inspection, at),
    ...(inspection?.findings ?? []).map(({ check, detail, holds, measuredAt }) => ({
      fact: `inspection.${check}`,
      value: detail,
      holds,
      measuredAt: measuredAt.toISOString(),
    })),
  ];
}

function ageFact(inspection: Inspection | undefined, at: Date): MeasuredFact {
  const fact = 'inspection.age';
  const measuredAt = at.toISOString();
  if (!inspection) return { fact, value: 'the database was never inspected', holds: false, measuredAt };
  const age = at.getTime() - inspection.at.getTime();
  return {
    fact,
    value: `the database was inspected ${Math.max(0, Math.round(age / 1000))} s before`,
    holds: age >= -CLOCK_SLACK_MILLISECONDS && age <= INSPECTION_AGE_MILLISECONDS_MAX,
    measuredAt,
  };
}

function attestedFacts({ jurisdiction, owner, dataCentres, name }: Region): ResidencyReceipt['attested'] {
  const by = `${owner.name}, in the public region file`;
  return [
    { fact: 'owner', value: `${owner.name} (${owner.country}) runs the region ${name}`, by },
    { fact: 'jurisdiction', value: jurisdiction, by },
    { fact: 'data centres', value: dataCentres, by },
    { fact: 'place', value: 'the servers measured here stand in these data centres: software cannot measure that', by },
  ];
}
