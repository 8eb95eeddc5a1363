/**
 * The API as a typed client: paths, bodies and answers are those of docs/openapi.json, and nothing here is written by hand beside what it
 * hands out. Imports nothing of ours.
 */
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type { ErrorCode } from './error-codes.js';
export type { AccountEventKind, PersonEventKind } from './event-kinds.js';
export { PERSONAL_FIELDS } from './personal-fields.js';
export type { operations, paths } from './schema.js';

/** The shapes of the API by name. */
export type Schemas = components['schemas'];
export type ApiClient = Client<paths>;

/** @param options origin of the region (`baseUrl`), and what sends (`fetch`) */
export function createApiClient(options: ClientOptions): ApiClient {
  return createClient<paths>(options);
}
