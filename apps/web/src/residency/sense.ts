import type { Schemas } from '@domicile/api-client';
import { must, type Pin, strictJson } from './envelope.js';

export type Receipt = Schemas['ResidencyReceipt'];

const FORMAT = 1;
const INSPECTION_AGE_MILLISECONDS_MAX = 15 * 60 * 1000;
/** How far the clock of this device may differ from the region's. */
const CLOCK_SLACK_MILLISECONDS = 5 * 60 * 1000;

/** Facts that a receipt cannot leave out and still say yes, as the offline verifier has them. */
export const FACTS = [
  'database.marker',
  'account.rows',
  'receipt.key',
  'inspection.age',
  'inspection.marker',
  'inspection.role',
  'inspection.home',
  'inspection.functions',
  'inspection.exits',
] as const;
export type Fact = (typeof FACTS)[number];

/** The signed bytes as a receipt. To be called once the signature holds. @throws Untrusted when they are no whole receipt */
export function readReceipt(body: Uint8Array): Receipt {
  const receipt = strictJson(body) as Receipt;
  must(receipt.format === FORMAT);
  const { issuer, account, database } = receipt;
  must(
    typeof receipt.holds === 'boolean' &&
      list(receipt.because, text) &&
      [receipt.issuedAt, receipt.validUntil].every(time) &&
      [receipt.stack, receipt.environment, receipt.topology, account?.id, account?.dataKey].every(text) &&
      [issuer?.region, issuer?.name, issuer?.jurisdiction, issuer?.owner?.name, issuer?.owner?.country].every(text) &&
      (database === null || [database?.database, database?.systemIdentifier].every(text)) &&
      (database === null || (time(database?.sealedAt) && count(database?.epoch))) &&
      list(account.notCounted, text) &&
      list(account.rows, (each) => text(each?.table) && count(each.rows) && count(each.home) && tie(each.tie)) &&
      list(receipt.measured, (each) => text(each?.fact) && text(each.value) && typeof each.holds === 'boolean') &&
      receipt.measured.every(({ measuredAt }) => time(measuredAt)) &&
      list(receipt.attested, (each) => text(each?.fact) && text(each.value) && text(each.by)),
  );
  return receipt;
}

/** Whose receipt it is: of this region and of this account, not of another that the same key signed. @throws Untrusted */
export function checkSubject({ issuer, account }: Receipt, region: Schemas['RegionView'], id: string): void {
  must(issuer.region === region.code && issuer.number === region.number && account.id === id);
}

/** Its times: signed by a key that was valid then, not in the future, and still to be shown. @throws Untrusted */
export function checkTimes({ issuedAt, validUntil }: Receipt, { from, until }: Pin, now: Date): void {
  must(from <= issuedAt && (until === undefined || issuedAt < until));
  must(Date.parse(issuedAt) <= now.getTime() + CLOCK_SLACK_MILLISECONDS);
  must(issuedAt < validUntil && now.getTime() < Date.parse(validUntil));
}

/** Its verdict is what its facts give; a yes has measured everything, of now, with every row at home. @throws Untrusted */
export function checkVerdict({ holds, because, measured, account, database, issuedAt }: Receipt): void {
  const broken = measured.filter((each) => !each.holds);
  must(holds === (broken.length === 0) && because.length === broken.length);
  must(account.rows.every(({ rows, home }) => home <= rows));
  if (!holds) return;
  const names = measured.map(({ fact }) => fact);
  must(FACTS.every((fact) => names.includes(fact)) && database !== null);
  must(account.rows.some(({ rows }) => rows > 0) && account.rows.every(({ rows, home }) => home === rows));
  const ages = measured.map(({ measuredAt }) => Math.abs(Date.parse(issuedAt) - Date.parse(measuredAt)));
  must(Math.max(...ages) <= INSPECTION_AGE_MILLISECONDS_MAX);
}

function text(value: unknown): value is string {
  return typeof value === 'string';
}

function time(value: unknown): boolean {
  return text(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value;
}

function count(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function tie(value: unknown): boolean {
  return value === 'account' || value === 'people';
}

function list<T>(value: readonly T[], holds: (each: T) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}
