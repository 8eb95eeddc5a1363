import { QueryCache, QueryClient } from '@tanstack/react-query';
import { answered, api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { onBegin } from '../api/session.js';

/** One memory of what was read, for as long as this page lives and its session: a sign-out loads the page anew, a sign-in empties it. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Where something of an account is refused, whether the account itself still lets its reader in is read anew; its pages say why not.
    onError: (error, { queryKey: [what, id, which] }) => {
      if (what === 'account' && which !== 'view' && error instanceof ApiProblem && error.status === 403)
        void queries.invalidateQueries({ queryKey: ['account', id, 'view'] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays one; what passes by itself is tried once more.
      retry: (count, error) => count < 1 && error instanceof ApiProblem && error.isPassing && error.status !== 429,
      throwOnError: (error) => !(error instanceof ApiProblem),
    },
  },
});

onBegin(() => queries.clear());

/** Who is signed in, and the accounts she belongs to. */
export const meQuery = { queryKey: ['me'], queryFn: () => answered(api.GET('/v1/me')) } as const;
