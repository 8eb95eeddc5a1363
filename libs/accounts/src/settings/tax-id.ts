/**
 * The form of tax ids by country. In the EU that is the VAT identification number, as the Commission's VIES publishes its structure for
 * the 27 Member States; `XI` stands for Northern Ireland. The prefix is the country's own but for Greece. It is the form alone:
 * whether a number was given to anybody, no server of ours asks elsewhere.
 */
const FORMS: Readonly<Record<string, RegExp>> = {
  AT: /^ATU\d{8}$/,
  BE: /^BE[01]\d{9}$/,
  BG: /^BG\d{9,10}$/,
  CY: /^CY\d{8}[A-Z]$/,
  CZ: /^CZ\d{8,10}$/,
  DE: /^DE\d{9}$/,
  DK: /^DK\d{8}$/,
  EE: /^EE\d{9}$/,
  ES: /^ES(?:[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/,
  FI: /^FI\d{8}$/,
  FR: /^FR[A-HJ-NP-Z0-9]{2}\d{9}$/,
  GR: /^EL\d{9}$/,
  HR: /^HR\d{11}$/,
  HU: /^HU\d{8}$/,
  IE: /^IE(?:\d{7}[A-Z]{1,2}|\d[A-Z+*]\d{5}[A-Z])$/,
  IT: /^IT\d{11}$/,
  LT: /^LT(?:\d{9}|\d{12})$/,
  LU: /^LU\d{8}$/,
  LV: /^LV\d{11}$/,
  MT: /^MT\d{8}$/,
  NL: /^NL[A-Z0-9+*]{9}\d{2}$|^NL\d{9}B\d{2}$/,
  PL: /^PL\d{10}$/,
  PT: /^PT\d{9}$/,
  RO: /^RO\d{2,10}$/,
  SE: /^SE\d{10}01$/,
  SI: /^SI\d{8}$/,
  SK: /^SK\d{10}$/,
  /** Some of its companies trade goods under EU rules. */
  GB: /^(?:GB|XI)(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  /** Employer Identification Number of the IRS. */
  US: /^\d{9}$/,
};
/** Of countries whose form is not known here: short, and of what such numbers are made of. */
const OTHER = /^[A-Z0-9](?:[A-Z0-9 ./-]{0,28}[A-Z0-9])?$/;

/** As typed, but for white space around it and small letters. */
export function normaliseTaxId(text: string): string {
  return text.toUpperCase().trim();
}

/** True when a text has the form that tax ids of that country have. @param country ISO 3166-1 alpha-2 */
export function isTaxId(country: string, text: string): boolean {
  const id = normaliseTaxId(text);
  const known = Object.hasOwn(FORMS, country) ? FORMS[country] : undefined;
  return known ? known.test(id.replace(/[ .-]/g, '')) : OTHER.test(id);
}
