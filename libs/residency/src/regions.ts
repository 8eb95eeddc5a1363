import { readFileSync } from 'node:fs';
import { ResidencyError } from './errors.js';
import { type ReceiptKeyPin, checkedPins } from './receipt-pins.js';

/** A region's row of the public region file: everything a process may know of a region that it does not serve (law L6). */
export interface Region {
  /** `^[a-z]{2,8}$`; stands in ids, secrets, paths. */
  readonly code: string;
  /** 1..1023, ten bits of every id; never re-used for another region. */
  readonly number: number;
  readonly name: string;
  readonly jurisdiction: string;
  /** ISO 3166-1 alpha-2 codes. */
  readonly countries: readonly string[];
  /** Absolute http(s) origins without a path. */
  readonly origins: { readonly customer: string; readonly staff: string };
  readonly owner: { readonly name: string; readonly country: string };
  readonly dataCentres: string;
  /** `#rrggbb` */
  readonly accent: string;
  /** What its receipts are signed with, oldest first; the last one signs. Empty in a file that nobody has pinned a key in. */
  readonly receiptKeys: readonly ReceiptKeyPin[];
}

/** Values for `{port}` in origins: one for all regions, or one per region code (separate processes on one machine). */
export type PublicPorts = number | Readonly<Record<string, number>>;

const COUNTRY = /^[A-Z]{2}$/;

/**
 * The regions of this installation, read once from the public region file. Immutable.
 * There is deliberately no default region and no way to add one at run time.
 */
export class Regions {
  readonly #byCode = new Map<string, Region>();
  readonly #byNumber = new Map<number, Region>();
  readonly #byAuthority = new Map<string, Region>();

  private constructor(readonly all: readonly Region[]) {
    const keys = new Map<string, Region>();
    for (const region of all) {
      claim(this.#byCode, region.code, region, 'code');
      claim(this.#byNumber, region.number, region, 'number');
      for (const origin of [region.origins.customer, region.origins.staff])
        claim(this.#byAuthority, new URL(origin).host, region, 'origin');
      for (const { keyId } of region.receiptKeys) claim(keys, keyId, region, 'receipt key');
    }
  }

  /** Reads and checks the region file. @throws ResidencyError residency.configuration_invalid naming the row and the rule. */
  static load(file: string, ports: PublicPorts = 0): Regions {
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      throw invalid(`The region file ${file} could not be read as JSON; check that it exists and is valid.`);
    }
    return Regions.parse(content, ports);
  }

  /** The same from an already parsed file. @throws ResidencyError residency.configuration_invalid */
  static parse(content: unknown, ports: PublicPorts = 0): Regions {
    const rows = (content as { regions?: unknown } | null)?.regions;
    if (!Array.isArray(rows) || rows.length === 0)
      throw invalid('The region file must hold a non-empty list "regions".');
    return new Regions(Object.freeze(rows.map((row: unknown) => checked(row, ports))));
  }

  get codes(): readonly string[] {
    return this.all.map((region) => region.code);
  }

  /** The region of that exact code (no folding of case, no trimming), or undefined. */
  find(code: string): Region | undefined {
    return this.#byCode.get(code);
  }

  /** @throws ResidencyError residency.configuration_invalid when there is none. */
  get(code: string): Region {
    const region = this.#byCode.get(code);
    if (!region) throw invalid(`Region "${code}" is not in the region file (${this.codes.join(', ')}).`);
    return region;
  }

  byNumber(number: number): Region | undefined {
    return this.#byNumber.get(number);
  }

  /** The region that owns an HTTP authority (`host[:port]`, lower case), or undefined. Forwarded headers never come here. */
  byAuthority(authority: string): Region | undefined {
    return this.#byAuthority.get(authority);
  }
}

function checked(row: unknown, ports: PublicPorts): Region {
  const r = row as Region;
  const where = `Region row ${JSON.stringify(r?.code ?? '?')}`;
  const require = (holds: boolean, rule: string): void => {
    if (!holds) throw invalid(`${where}: ${rule}.`);
  };
  const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
  require(typeof r?.code === 'string' && /^[a-z]{2,8}$/.test(r.code), 'code must be 2 to 8 letters a-z');
  require(Number.isInteger(r.number) && r.number >= 1 && r.number <= 1023, 'number must be an integer from 1 to 1023');
  require(text(r.name) &&
    text(r.jurisdiction) &&
    text(r.dataCentres), 'name, jurisdiction and dataCentres must be given');
  require(Array.isArray(r.countries) &&
    r.countries.every((c: unknown) => COUNTRY.test(String(c))), 'countries must be ISO 3166 codes');
  require(text(r.owner?.name) && COUNTRY.test(r.owner.country), 'owner must have a name and a country');
  require(/^#[0-9a-f]{6}$/.test(r.accent), 'accent must be a colour like #1d4ed8');
  require(text(r.origins?.customer) && text(r.origins.staff), 'origins.customer and origins.staff must be given');
  const port = typeof ports === 'number' ? ports : (ports[r.code] ?? 0);
  const origin = (template: string): string => {
    const url = URL.parse(template.replace('{port}', String(port)));
    require(url !== null &&
      url.origin !== 'null' &&
      url.pathname === '/' &&
      !url.search &&
      !url.username, `"${template}" must be a plain origin`);
    require(url!.protocol === 'https:' ||
      url!.hostname.endsWith('.localhost'), `"${template}" must be https outside of .localhost`);
    return url!.origin;
  };
  return Object.freeze({
    code: r.code,
    number: r.number,
    name: r.name,
    jurisdiction: r.jurisdiction,
    countries: Object.freeze([...r.countries]),
    origins: Object.freeze({ customer: origin(r.origins.customer), staff: origin(r.origins.staff) }),
    owner: Object.freeze({ name: r.owner.name, country: r.owner.country }),
    dataCentres: r.dataCentres,
    accent: r.accent,
    receiptKeys: checkedPins(r.receiptKeys, require),
  });
}

function claim<K>(map: Map<K, Region>, key: K, region: Region, what: string): void {
  const other = map.get(key);
  if (other)
    throw invalid(
      `Regions "${other.code}" and "${region.code}" both claim ${what} ${String(key)}; each needs its own.`,
    );
  map.set(key, region);
}

function invalid(message: string): ResidencyError {
  return new ResidencyError('residency.configuration_invalid', message);
}
