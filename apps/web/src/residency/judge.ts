import type { Region } from '../page.js';
import {
  isSignedBy,
  keyIdOf,
  must,
  NotComputable,
  type Opened,
  openEnvelope,
  type Pin,
  Untrusted,
} from './envelope.js';
import { checkSubject, checkTimes, checkVerdict, readReceipt, type Receipt } from './sense.js';

/** What is looked at, in this order; the first that does not hold ends it. */
export const CHECKS = [
  'envelope',
  'pinned',
  'fingerprint',
  'signature',
  'whole',
  'subject',
  'times',
  'verdict',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** `open`: not looked at, because one before it did not hold or could not be computed. */
export type Outcome = 'yes' | 'no' | 'open';
export type Outcomes = Readonly<Record<CheckName, Outcome>>;

/** What this browser makes of a receipt. Only a trusted one has contents: nothing of any other is ever read. */
export type Judgement =
  | { readonly kind: 'trusted'; readonly outcomes: Outcomes; readonly pin: Pin; readonly receipt: Receipt }
  | { readonly kind: 'refused' | 'unverifiable'; readonly outcomes: Outcomes };

/** Whose receipt it should be. */
export interface Expected {
  readonly region: Region;
  readonly account: string;
  readonly now: Date;
}

/** Judges the bytes that were answered, with what the browser itself can compute. Never throws for what is wrong with them. */
export async function judge(bytes: Uint8Array, { region, account, now }: Expected): Promise<Judgement> {
  const outcomes: Record<CheckName, Outcome> = Object.fromEntries(CHECKS.map((name) => [name, 'open'])) as never;
  const check = async <T>(name: CheckName, look: () => T | Promise<T>): Promise<T> => {
    try {
      const found = await look();
      outcomes[name] = 'yes';
      return found;
    } catch (error) {
      if (!(error instanceof NotComputable)) outcomes[name] = 'no';
      throw error;
    }
  };
  try {
    const opened = await check('envelope', () => openEnvelope(bytes));
    const pin = await check('pinned', () => pinOf(region, opened));
    await check('fingerprint', async () => must((await keyIdOf(pin)) === opened.keyId));
    await check('signature', async () => must(await isSignedBy(pin, opened)));
    const receipt = await check('whole', () => readReceipt(opened.body));
    await check('subject', () => checkSubject(receipt, region, account));
    await check('times', () => checkTimes(receipt, pin, now));
    await check('verdict', () => checkVerdict(receipt));
    return { kind: 'trusted', outcomes, pin, receipt };
  } catch (error) {
    if (error instanceof NotComputable) return { kind: 'unverifiable', outcomes };
    // A payload of another shape may also fail in ways that nobody foresaw: it is refused all the same.
    if (error instanceof Untrusted || error instanceof TypeError) return { kind: 'refused', outcomes };
    throw error;
  }
}

function pinOf({ receiptKeys }: Region, { keyId }: Opened): Pin {
  const pin = receiptKeys.find((each) => each.keyId === keyId);
  must(pin !== undefined);
  return pin;
}
