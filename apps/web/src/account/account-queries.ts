import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Schemas } from '@domicile/api-client';
import { answered, api, versioned } from '../api/client.js';
import { queries } from './queries.js';

const at = (id: string) => ({ path: { id } });
/** Everything that is kept of an account stands under this key, so that a change can have all of it read anew. */
const key = (id: string, ...more: readonly string[]) => ['account', id, ...more];

/** To be called after each change of an account: what is shown of it is read anew, what is not shown when it is asked for. */
export async function accountChanged(id: string): Promise<void> {
  await queries.invalidateQueries({ queryKey: key(id) });
}

export const readAccount = (id: string) => versioned(api.GET('/v1/accounts/{id}', { params: at(id) }));

export const accountQuery = (id: string) => queryOptions({ queryKey: key(id, 'view'), queryFn: () => readAccount(id) });

/** How many accounts are read at a time. */
const NAMES_AT_ONCE = 6;

/** Several accounts, in their order; those that do not let their reader in say why. */
export const accountsQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['accounts', ...ids],
    queryFn: async () => {
      const read: { id: string; outcome: PromiseSettledResult<Awaited<ReturnType<typeof readAccount>>> }[] = [];
      for (let from = 0; from < ids.length; from += NAMES_AT_ONCE) {
        const some = ids.slice(from, from + NAMES_AT_ONCE);
        const outcomes = await Promise.allSettled(some.map((id) => readAccount(id)));
        read.push(...outcomes.map((outcome, i) => ({ id: some[i]!, outcome })));
      }
      return read;
    },
  });

export const readPolicy = (id: string) => versioned(api.GET('/v1/accounts/{id}/policy', { params: at(id) }));
export const policyQuery = (id: string) => queryOptions({ queryKey: key(id, 'policy'), queryFn: () => readPolicy(id) });

const following = ({ next }: { readonly next: string | null }) => next;
const from = (cursor: string | null) => (cursor === null ? {} : { query: { cursor } });
const FIRST: string | null = null;

export const peopleQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: key(id, 'people'),
    queryFn: ({ pageParam }) =>
      answered(api.GET('/v1/accounts/{id}/people', { params: { ...at(id), ...from(pageParam) } })),
    initialPageParam: FIRST,
    getNextPageParam: following,
  });

export const invitationsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: key(id, 'invitations'),
    queryFn: ({ pageParam }) =>
      answered(api.GET('/v1/accounts/{id}/invitations', { params: { ...at(id), ...from(pageParam) } })),
    initialPageParam: FIRST,
    getNextPageParam: following,
  });

export const tokensQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: key(id, 'tokens'),
    queryFn: ({ pageParam }) =>
      answered(api.GET('/v1/accounts/{id}/tokens', { params: { ...at(id), ...from(pageParam) } })),
    initialPageParam: FIRST,
    getNextPageParam: following,
  });

export const logQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: key(id, 'log'),
    // The lines for a system that pulls have a shape of their own, which is not asked for.
    queryFn: async ({ pageParam }) =>
      (await answered(
        api.GET('/v1/accounts/{id}/security-log', { params: { ...at(id), ...from(pageParam) } }),
      )) as Schemas['AccountLog'],
    initialPageParam: FIRST,
    getNextPageParam: following,
  });

export const domainsQuery = (id: string) =>
  queryOptions({
    queryKey: key(id, 'domains'),
    queryFn: () => answered(api.GET('/v1/accounts/{id}/domains', { params: at(id) })),
  });
