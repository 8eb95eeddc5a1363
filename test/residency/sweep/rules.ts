import type { Encoding } from './needles.js';
import type { Mark } from './canaries.js';

/**
 * A place where something may have come to stand.
 * `mail`: a mail file of a region · `answer`: what one request was answered · `key store`: the databases' server of data keys ·
 * `keys`: a folder of key files · `process`: environment and command line of a process · `rest`: everything else.
 */
export interface Sink {
  /** For people, unique: what it is and where, with nothing personal in it. */
  readonly name: string;
  readonly kind: 'mail' | 'answer' | 'key store' | 'keys' | 'process' | 'rest';
  /** Codes of the regions that it belongs to; none for what belongs to no region. */
  readonly regions: readonly string[];
  /** Its content, or the path of its file. */
  readonly bytes: Buffer | string;
  /** Who asked, where an answer went to somebody who had proven it. */
  readonly owner?: string;
  /** Permission bits of a file. */
  readonly mode?: number;
}

/** How a value stands in an answer or mail that is meant to hold it. */
const AS_WRITTEN: readonly Encoding[] = ['raw', 'lower case', 'JSON', 'part'];
const HASHED: readonly Encoding[] = ['SHA-256', 'MD5'];
const OWNER_ALONE = 0o600;

/**
 * True when what was found may be there. In clear text, and that is in any encoding: in an answer to its owner, and in a mail of its
 * own region that nobody else can read. Sealed, hashed by the product or as an id: in its own region's places.
 */
export function mayStand(mark: Mark, sink: Sink): boolean {
  const atHome = sink.regions.length === 1 && sink.regions[0] === mark.region;
  const asWritten = AS_WRITTEN.includes(mark.encoding);
  const answered =
    atHome && sink.kind === 'answer' && mark.owner !== undefined && sink.owner === mark.owner && asWritten;
  switch (mark.kind) {
    case 'canary':
      return (
        answered || (atHome && mark.isMailed === true && sink.kind === 'mail' && sink.mode === OWNER_ALONE && asWritten)
      );
    case 'secret':
      return answered || (atHome && sink.kind === 'rest' && HASHED.includes(mark.encoding));
    case 'credential':
      return sink.kind === 'keys' ? atHome : sink.kind === 'process' && sink.regions.includes(mark.region);
    case 'wrapped key':
      return atHome && sink.kind === 'key store';
    case 'data key':
    case 'resident id':
    case 'blind index':
    case 'sealed value':
      return atHome && sink.kind !== 'process' && sink.kind !== 'keys';
  }
}
