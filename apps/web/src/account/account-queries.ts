import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Schemas } from '@domicile/api-client';
import { answered, api, versioned } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
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

/** The account; undefined where it does not let its reader in. @throws ApiProblem for whatever else was in the way */
async function openToReader(id: string): Promise<Schemas['AccountView'] | undefined> {
  try {
    return (await readAccount(id)).value;
  } catch (error) {
    if (error instanceof ApiProblem && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

/** Several accounts, in their order. */
export const accountsQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['accounts', ...ids],
    queryFn: async () => {
      const read: { id: string; account: Schemas['AccountView'] | undefined }[] = [];
      for (let from = 0; from < ids.length; from += NAMES_AT_ONCE) {
        const some = ids.slice(from, from + NAMES_AT_ONCE);
        read.push(...(await Promise.all(some.map(async (id) => ({ id, account: await openToReader(id) })))));
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
