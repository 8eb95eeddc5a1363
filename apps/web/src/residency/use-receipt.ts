import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client.js';
import { region } from '../page.js';
import { judge } from './judge.js';

/** The bytes that were answered, and what this browser makes of them. */
async function measure(account: string) {
  const params = { path: { id: account } };
  const answer = await answered(api.GET('/v1/accounts/{id}/residency', { params, parseAs: 'arrayBuffer' }));
  const bytes = new Uint8Array(answer);
  const now = new Date();
  return { bytes, measuredAt: now, judgement: await judge(bytes, { region, account, now }) };
}

export type MeasuredReceipt = Awaited<ReturnType<typeof measure>>;

/** Asks for a receipt and checks it; each refetch measures anew. */
export function useReceipt(account: string) {
  return useQuery({ queryKey: ['receipt', account], queryFn: () => measure(account), refetchOnWindowFocus: false });
}
