import type { Schemas } from '@domicile/api-client';

export type Region = Schemas['RegionView'];

/** What the region's API wrote into the page: public facts alone. */
interface PageData {
  /** Code of the region whose origin this page has. */
  readonly region: string;
  readonly regions: readonly Region[];
}

const data = JSON.parse(document.getElementById('domicile-page')?.textContent ?? '') as PageData;

/** All regions of this installation. */
export const regions: readonly Region[] = data.regions;

/** The region that this page belongs to: the origin says so, and nothing else. */
export const region: Region = regions.find(({ code }) => code === data.region)!;

/** Every id carries its region in its second part. Undefined for what is no id, or of no region that there is. */
export function regionOfId(id: string): Region | undefined {
  return regions.find(({ code }) => code === id.split('_')[1]);
}

/** The nonce of this answer: the page's policy lets no other style element through. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
