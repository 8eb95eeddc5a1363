import type { Region } from '@domicile/residency';

/**
 * The text of a mail with what stands under each one: the region it comes from, and the fingerprint of the key that its receipts are
 * signed with, so that a customer holds it by another way than the server that signs.
 */
export function withFooter(region: Region, text: string): string {
  const key = region.receiptKeys.at(-1);
  const about = `Domicile ${region.name}, ${region.origins.customer}`;
  const fingerprint = key ? ['Receipts of this region are signed with the key', key.keyId] : [];
  return [text, '', '-- ', about, ...fingerprint].join('\n');
}
