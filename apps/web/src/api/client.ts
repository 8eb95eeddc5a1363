import { createApiClient } from '@domicile/api-client';
import { ApiProblem, problemFrom } from './problem.js';
import { heldSecret } from './session.js';

/** Longer than the server's own deadline: who waits longer is told so. */
const PATIENCE_MILLISECONDS = 20_000;

/** The API of this page's own region; there is no other that a page could ask. */
export const api = createApiClient({
  baseUrl: location.origin,
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) }),
});

api.use({
  onRequest: ({ request }) => {
    const secret = heldSecret();
    if (secret !== undefined && !request.headers.has('authorization'))
      request.headers.set('authorization', `Bearer ${secret}`);
    return request;
  },
});

/** What openapi-fetch resolves to. */
interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** An answer with the version that its resource has, for `If-Match`. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string;
}

/** The body of a 2xx answer. @throws ApiProblem for every other outcome, no answer included */
export async function answered<T>(call: Promise<Outcome<T>>): Promise<T> {
  return (await settled(call)).data as T;
}

/** The same with the resource's version. @throws ApiProblem */
export async function versioned<T>(call: Promise<Outcome<T>>): Promise<Versioned<T>> {
  const { data, response } = await settled(call);
  return { value: data as T, etag: response.headers.get('etag') ?? '' };
}

/** A key under which a creating request has its effect once, however often it is sent. One for each thing that a person wants done. */
export function newKey(): string {
  return crypto.randomUUID();
}

async function settled<T>(call: Promise<Outcome<T>>): Promise<Outcome<T>> {
  const outcome = await call.catch(() => {
    throw new ApiProblem('client.unreachable', 0);
  });
  if (!outcome.response.ok) throw problemFrom(outcome.response, outcome.error);
  return outcome;
}
