import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATALOGUE } from '../../apps/api/src/catalogue.js';
import { anyText } from '../support/any-text.js';
import type { Api, Member } from '../support/api.js';
import { Installation } from '../support/installation.js';
import { type Document, type Operation, operationsOf, resolved, type Schema } from '../support/openapi.js';

describe('whatever is sent', () => {
  let installation: Installation;
  let api: Api;
  let member: Member;
  let document: Document;
  let pendingId: string;
  let recoveryId: string;
  let changeId: string;
  const agent = new Agent({ keepAlive: true });

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start();
    member = await api.member('eu');
    document = (await api.ask('eu', '/openapi.json')).json<Document & Record<string, unknown>>();
    pendingId = (await api.pending('eu')).id;
    const { email } = member.person;
    const recovery = await api.ask('eu', '/v1/recoveries', { json: { email } });
    recoveryId = recovery.json<{ recovery: { id: string } }>().recovery.id;
    const asked = { token: member.session.token, json: { email } };
    const change = await api.ask('eu', '/v1/me/address-changes', asked);
    changeId = change.json<{ addressChange: { id: string } }>().addressChange.id;
  });
  afterAll(async () => {
    agent.destroy();
    await installation.close();
  });

  const CANARY = 'cAn4ry7e5t';
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), anyText(), fc.string()).map((each) => `${CANARY}${each}`);
  const anything = fc.oneof(
    { depthSize: 'small' },
    text,
    fc.jsonValue(),
    fc.constantFrom(null, '', 0, -0, 1e400, [], {}),
  );

  function valueOf(schema: Schema): fc.Arbitrary<unknown> {
    if (schema.pattern === '^[0-9]{8}$') return fc.oneof(fc.stringMatching(/^[0-9]{8}$/), anything);
    const fitting = fc.string({
      minLength: schema.minLength ?? 0,
      maxLength: schema.maxLength ?? 50,
      unit: 'grapheme',
    });
    return fc.oneof(
      fitting,
      text.map((each) => `${each}@example.org`),
      anything,
    );
  }

  function bodyOf(operation: Operation): fc.Arbitrary<unknown> {
    const given = operation.requestBody?.content?.['application/json']?.schema;
    if (!given) return fc.constant(undefined);
    const { properties = {} } = resolved(document, given);
    const declared = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valueOf(each)]));
    const fields = fc.record(declared, { requiredKeys: [] });
    const strange = fc.dictionary(text, anything, { maxKeys: 2 });
    return fc.oneof(
      { weight: 6, arbitrary: fields },
      { weight: 2, arbitrary: fc.tuple(fields, strange).map(([a, b]) => ({ ...a, ...b })) },
      { weight: 1, arbitrary: anything },
    );
  }

  const segment = (rightly: string): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(rightly) },
      {
        weight: 1,
        arbitrary: fc.string({ unit: 'grapheme', minLength: 1 }).map((each) => encodeURIComponent(`${CANARY}${each}`)),
      },
    );
  const credential = fc.oneof(
    fc.constant(undefined),
    fc.constant('right'),
    fc.stringMatching(/^[\x21-\x7e]{1,120}$/).map((each) => `${CANARY}${each}`),
  );

  const precondition = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom('"v1"', '"v2"', '*', 'W/"v1"'),
    fc.stringMatching(/^[\x21-\x7e]{1,120}$/).map((each) => `${CANARY}${each}`),
  );

  const OPERATIONS = [
    'GET /healthz',
    'GET /readyz',
    'GET /v1/me',
    'GET /v1/regions',
    'GET /v1/policies/current',
    'GET /v1/accounts/{id}',
    'GET /v1/accounts/{id}/residency',
    'GET /v1/accounts/{id}/security-log',
    'GET /v1/me/security-log',
    'GET /v1/sessions',
    'GET /.well-known/domicile/keys',
    'POST /v1/regions/{region}/signups',
    'POST /v1/signups/{id}/confirmations',
    'POST /v1/sessions',
    'POST /v1/signups/{id}/passkey-options',
    'POST /v1/sign-ins/passkey/options',
    'POST /v1/sign-ins/passkey',
    'POST /v1/sign-ins/{id}/totp',
    'POST /v1/sign-ins/{id}/recovery-code',
    'POST /v1/sign-ins/{id}/passkey/options',
    'POST /v1/sign-ins/{id}/passkey',
    'POST /v1/sessions/current/proof/options',
    'POST /v1/sessions/current/proof',
    'GET /v1/me/factors',
    'POST /v1/me/passkey-options',
    'POST /v1/me/passkeys',
    'GET /v1/me/passkeys/{id}',
    'PATCH /v1/me/passkeys/{id}',
    'DELETE /v1/me/passkeys/{id}',
    'POST /v1/me/totp',
    'POST /v1/me/totp/confirmation',
    'DELETE /v1/me/totp',
    'POST /v1/me/recovery-codes',
    'POST /v1/signups/{id}/mail',
    'POST /v1/recoveries',
    'POST /v1/recoveries/{id}/completion',
    'POST /v1/me/address-changes',
    'POST /v1/me/address-changes/{id}/confirmation',
    'POST /v1/address-changes/{id}/undo',
    'PUT /v1/me/password',
    'GET /v1/oidc-interactions/{id}',
    'POST /v1/oidc-interactions/{id}/consent',
    'POST /v1/oidc-interactions/{id}/abort',
    // These change what the ones above answer.
    'PATCH /v1/accounts/{id}',
    'PATCH /v1/me',
    'DELETE /v1/sessions',
    'DELETE /v1/sessions/{id}',
    'DELETE /v1/sessions/current',
    'GET /v1/me/preferences',
    'PATCH /v1/me/preferences',
    'GET /v1/accounts/{id}/people',
    'GET /v1/accounts/{id}/people/{personId}',
    'PATCH /v1/accounts/{id}/people/{personId}',
    'DELETE /v1/accounts/{id}/people/{personId}',
    'DELETE /v1/accounts/{id}/people/me',
    'POST /v1/accounts/{id}/ownership',
    'POST /v1/accounts/{id}/invitations',
    'GET /v1/accounts/{id}/invitations',
    'DELETE /v1/accounts/{id}/invitations/{invitationId}',
    'POST /v1/invitations/{id}/declination',
    'POST /v1/invitations/{id}/acceptance',
    'POST /v1/accounts/{id}/tokens',
    'GET /v1/accounts/{id}/tokens',
    'DELETE /v1/accounts/{id}/tokens/{tokenId}',
    'GET /v1/accounts/{id}/policy',
    'PATCH /v1/accounts/{id}/policy',
    'GET /v1/accounts/{id}/billing',
    'PUT /v1/accounts/{id}/billing',
    'POST /v1/accounts/{id}/closing',
    'DELETE /v1/accounts/{id}/closing',
    'GET /v1/accounts/{id}/domains',
    'POST /v1/accounts/{id}/domains',
    'DELETE /v1/accounts/{id}/domains/{domainId}',
    'POST /v1/accounts/{id}/domains/{domainId}/verification',
    'GET /v1/accounts/{id}/provider',
    'PUT /v1/accounts/{id}/provider',
    'DELETE /v1/accounts/{id}/provider',
    'POST /v1/accounts/{id}/provider/test',
    'GET /v1/me/applications',
    'DELETE /v1/me/applications/{id}',
    'POST /v1/sign-ins/provider',
    'POST /v1/sign-ins/{id}/provider',
  ];

  it('covers every operation', () => {
    expect([...OPERATIONS].sort()).toEqual(Object.keys(operationsOf(document)).sort());
  });

  it.each(OPERATIONS)('%s never fails, and never echoes', async (name) => {
    const [method = '', template = ''] = name.split(' ');
    const operation = operationsOf(document)[name]!;
    const parameter = template.includes('{region}')
      ? 'eu'
      : template.includes('signups')
        ? pendingId
        : template.includes('recoveries')
          ? recoveryId
          : template.includes('address-changes')
            ? changeId
            : member.account.id;
    await fc.assert(
      fc.asyncProperty(
        bodyOf(operation),
        segment(parameter),
        credential,
        precondition,
        async (json, part, secret, tag) => {
          const token = secret === 'right' ? member.session.token : secret;
          const path = template.replace(/\{\w+\}/, () => part).replace('{personId}', member.person.id);
          const answer = await api.ask('eu', path, {
            method,
            agent,
            ...(json === undefined ? {} : { json }),
            ...(token === undefined ? {} : { token }),
            ...(tag === undefined ? {} : { headers: { 'if-match': tag } }),
          });
          expect(answer.status).toBeLessThan(500);
          // A name that was taken is shown to who gave it.
          if (!(['PATCH', 'PUT'].includes(method) && answer.status === 200)) expect(answer.text).not.toContain(CANARY);
          if (answer.status >= 400) expect(CATALOGUE[answer.code ?? '']?.status).toBe(answer.status);
          // A path that names nothing may be answered before any route is found.
          if (part === parameter) expect(Object.keys(operation.responses)).toContain(String(answer.status));
        },
      ),
      { numRuns: 200, seed: 20261122 },
    );
  });

  it('left no fault behind, and no word in a log', () => {
    expect(api.processes[0]!.events('request.fault')).toEqual([]);
    expect(installation.written).not.toContain(CANARY);
  });
});
