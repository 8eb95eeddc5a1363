import { randomBytes } from 'node:crypto';
import { PASSWORD } from '../support/api.js';
import { inLetters } from '../support/names.js';
import type { Contestant } from './contestant.js';
import type { LoadGenerator } from './load.js';
import { postRequest } from './population.js';

const CONNECTIONS = 8;

/** Requests that confirm as many fresh signups, which were asked for over HTTP; nothing is left under way. */
export async function pendingSignups(load: LoadGenerator, contestant: Contestant, count: number): Promise<string[]> {
  return (await askForSignups(load, contestant, count)).confirmations;
}

/** The same, with how long the asking took. */
export async function askForSignups(
  load: LoadGenerator,
  contestant: Contestant,
  count: number,
): Promise<{ readonly seconds: number; readonly confirmations: string[] }> {
  const asked = Array.from({ length: count }, () => askRequest(contestant, freshEmail()));
  const [outcome] = await load.run({
    port: contestant.port,
    source: { kind: 'list', requests: asked },
    expect: 202,
    connections: CONNECTIONS,
    keepBodies: true,
  });
  const answers = outcome!.bodies.map((body) => JSON.parse(body) as { signup: { id: string }; code?: string });
  const confirmations = await Promise.all(
    answers.map(async ({ signup: { id }, code }) =>
      postRequest(contestant.host, `/v1/signups/${id}/confirmations`, {
        code: code ?? (await contestant.codeOf?.(id)),
        password: PASSWORD,
      }),
    ),
  );
  return { seconds: outcome!.seconds, confirmations };
}

/** A request that asks for an account. */
export function askRequest({ host, flavour }: Contestant, email: string): string {
  const path = flavour.kind === 'ours' ? `/v1/regions/${flavour.code}/signups` : '/v1/signups';
  return postRequest(host, path, { email, accountName: 'Analytical Engines', acceptedPolicyVersion: '2026-11-01' });
}

export function freshEmail(): string {
  return `p-${inLetters(randomBytes(8).toString('hex'))}@example.org`;
}

/** How many people {@link signIns} signs in, in turn. */
export const PEOPLE = 200;

/** Sign-ins of people who went the whole way. */
export async function signIns(load: LoadGenerator, contestant: Contestant, count: number): Promise<string[]> {
  const known = await knownAddresses(load, contestant, PEOPLE);
  return Array.from({ length: Math.ceil(count) }, (_, i) =>
    postRequest(contestant.host, '/v1/sessions', { email: known[i % known.length], password: PASSWORD }),
  );
}

/** Addresses of as many persons who went the whole way. */
export async function knownAddresses(load: LoadGenerator, contestant: Contestant, count: number): Promise<string[]> {
  const requests = await pendingSignups(load, contestant, count);
  const [outcome] = await load.run({
    port: contestant.port,
    source: { kind: 'list', requests },
    expect: 201,
    connections: 4,
    keepBodies: true,
  });
  return outcome!.bodies.map((body) => (JSON.parse(body) as { person: { email: string } }).person.email);
}
