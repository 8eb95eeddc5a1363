import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, api, versioned } from '../api/client.js';

/** What she can prove herself with. */
export const factorsQuery = queryOptions({
  queryKey: ['factors'],
  queryFn: () => answered(api.GET('/v1/me/factors')),
});

/** How she wants to be spoken to, with the version that a change names: that of her own row, as who she is. */
export const preferencesQuery = queryOptions({
  queryKey: ['me', 'preferences'],
  queryFn: () => versioned(api.GET('/v1/me/preferences')),
});

/** Who she is, with the version that a change names. */
export const profileQuery = queryOptions({
  queryKey: ['me', 'profile'],
  queryFn: () => versioned(api.GET('/v1/me')),
});

const LIMIT = '25';

/** `null` is the first page, as it is the end. */
const cursor = (after: string | null) => ({ query: { limit: LIMIT, ...(after === null ? {} : { cursor: after }) } });
const byCursor = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { next: string | null }) => page.next,
};

export const sessionsQuery = infiniteQueryOptions({
  ...byCursor,
  queryKey: ['sessions'],
  queryFn: ({ pageParam }) => answered(api.GET('/v1/sessions', { params: cursor(pageParam) })),
});

export const logQuery = infiniteQueryOptions({
  ...byCursor,
  queryKey: ['log'],
  queryFn: ({ pageParam }) => answered(api.GET('/v1/me/security-log', { params: cursor(pageParam) })),
});

export const applicationsQuery = infiniteQueryOptions({
  ...byCursor,
  queryKey: ['applications'],
  queryFn: ({ pageParam }) => answered(api.GET('/v1/me/applications', { params: cursor(pageParam) })),
});
