import type { OpenAPIObject } from '@nestjs/swagger';
import { ID_PREFIXES } from '@domicile/runtime';
import { CATALOGUE, type ErrorCode } from '../catalogue.js';

/** As much of a schema as examples are made from. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly example?: unknown;
}
interface Message {
  readonly schema: Schema;
  example?: unknown;
  examples?: Record<string, { $ref: string }>;
}
interface Answered {
  readonly description: string;
  readonly content?: Readonly<Record<string, Message>>;
}
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, Message>> };
  readonly responses: Readonly<Record<string, Answered>>;
}

/** Stands for any region: examples name none, as one that comes tomorrow shows the same document. */
const REGION = 'xx';
const id = (kind: keyof typeof ID_PREFIXES): string => `${ID_PREFIXES[kind]}_${REGION}_01k9x3q8c4rt70a5g2m6v1h0zn`;
const secret = (prefix: string): string => `${prefix}_${REGION}_01k9x3q8c4rt70a5g2m6v1h0zn…`;
const TIME = '2026-11-02T09:30:00.000Z';
const HOST = `${REGION}.domicile.example`;
const ORIGIN = `https://${HOST}`;
const KEY_ID = 'ed25519:75c4-2346-459b-b6cb-e323-7a5c-d3ce-3aad';
/** Of passkeys, as browsers hand them over. */
const BYTES = 'dGhlIGJyb3dzZXIgbWFrZXMgdGhlc2U';

/**
 * What a field of that name looks like where it does not say so itself: `Schema.field` before `field`. What is of a closed set, a time, a
 * number or a yes is made from its schema.
 */
const FIELDS: Readonly<Record<string, unknown>> = {
  'HostingRegion.code': REGION,
  'HostingRegion.origin': ORIGIN,
  'RelyingParty.id': HOST,
  'RelyingParty.name': 'Domicile',
  'PasskeyUser.id': BYTES,
  'PasskeyUser.name': 'Domicile',
  'PasskeyUser.displayName': 'Domicile',
  'PasskeyDescriptor.id': BYTES,
  'NewPasskey.id': BYTES,
  'PasskeyAnswer.id': BYTES,
  'AttestationResponse.publicKey': BYTES,
  'AttestationResponse.transports': ['internal'],
  'PasskeyDescriptor.transports': ['internal'],
  'PendingSignupView.id': id('signup'),
  'RemailedSignupView.id': id('signup'),
  'NewAccountView.id': id('account'),
  'PersonView.id': id('person'),
  'SignedInPerson.id': id('person'),
  'NewSessionView.id': id('session'),
  'NewSessionView.token': secret('sst'),
  'KnownDeviceView.token': secret('dev'),
  'PendingSignInView.id': id('signIn'),
  'PendingSignInView.token': secret('sgt'),
  'SessionEntryView.id': id('session'),
  'ProvenSessionView.id': id('session'),
  'ProvenSessionView.token': secret('sst'),
  'SessionView.id': id('session'),
  'PersonLineView.id': id('personEvent'),
  'AccountLineView.id': id('accountEvent'),
  'AccountLineView.kind': 'account.role_changed',
  'PendingProviderSignInView.id': id('providerSignIn'),
  'PendingProviderSignInView.token': secret('pst'),
  'ProviderSignInBegun.continueAt': 'https://login.example.org/authorize',
  'CompleteProviderSignIn.code': 'SplxlOBeZQQYbYS6WxSbIA',
  'PasskeyView.id': id('passkey'),
  'TotpOffer.secret': 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  'AccountView.id': id('account'),
  'AccountView.status': 'active',
  'AccountRef.id': id('account'),
  'InvitationMade.id': id('invitation'),
  'InvitationView.id': id('invitation'),
  'InvitationView.email': 'grace@example.org',
  'JoinedAccount.id': id('account'),
  'TokenMade.id': id('apiToken'),
  'TokenMade.token': secret('tok'),
  'TokenView.id': id('apiToken'),
  'TokenView.name': 'Nightly report',
  'TokenView.scopes': ['account.read'],
  'DomainView.id': id('accountDomain'),
  'ProviderView.redirectUri': `${ORIGIN}/provider-callback`,
  'AskedRecoveryView.id': id('recovery'),
  'AskedAddressChangeView.id': id('addressChange'),
  'ReceiptAccount.id': id('account'),
  'ReceiptEnvelope.payload': 'eyJmb3JtYXQiOjEsImhvbGRzIjp0cnVlfQ==',
  'ReceiptSignature.sig': `${'A'.repeat(86)}==`,
  'RegionView.name': 'European Union',
  'RegionView.code': REGION,
  'OwnerView.name': 'Domicile Europe',
  'ReceiptOwner.name': 'Domicile Europe',
  'ReceiptIssuer.name': 'European Union',
  'ReceiptIssuer.region': REGION,
  'ReceiptIssuer.origin': ORIGIN,
  'ReceiptKeyHistory.region': REGION,
  'ReceiptDatabase.database': '0d9b3b1e-5d0c-4c53-8a0e-3f2f5f0a9b11',
  'MeasuredFact.fact': 'database.marker',
  'MeasuredFact.value': 'the database was proven by its signed marker',
  'AttestedFact.fact': 'jurisdiction',
  'AttestedFact.value': 'European Union law (GDPR)',
  'OidcInteractionView.id': id('oidcRecord'),
  'OidcInteractionView.scopes': ['openid', 'email'],
  'OidcInteractionView.expiresAt': TIME,
  'OidcInteractionClient.id': id('oidcClient'),
  'OidcInteractionClient.name': 'Nordlicht Maps',
  'OidcContinuation.continueAt': `${ORIGIN}/oidc/auth/Wc2Jx0`,
  'ApplicationView.id': id('oidcConsent'),
  'Readiness.regions': { [REGION]: 'up' },
  'RecoveryCodesView.codes': ['k3v9-0mxa-t7qd'],
  pointer: '/email',
  code: 'is_email',
  message: 'must be an e-mail address',
  title: 'Not found',
  detail: 'There is no such thing here, or it is not yours.',
  requestId: '5f6f6c1e-0b1f-4a52-9a55-0f5d4d1c7a90',
  customer: ORIGIN,
  staff: `https://staff.${HOST}`,
  keyId: KEY_ID,
  keyid: KEY_ID,
  signingKeyId: KEY_ID,
  publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
  jurisdiction: 'European Union law (GDPR)',
  countries: ['DE'],
  country: 'DE',
  dataCentres: 'Frankfurt, Germany',
  accent: '#1c4ed8',
  effectiveFrom: '2026-11-01',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  text: 'What we keep, where, and for how long.',
  hostingRegion: REGION,
  challenge: BYTES,
  rawId: BYTES,
  clientDataJSON: BYTES,
  attestationObject: BYTES,
  authenticatorData: BYTES,
  signature: BYTES,
  userHandle: BYTES,
  authenticatorAttachment: 'platform',
  clientExtensionResults: {},
  rpId: HOST,
  name: 'Analytical Engines Ltd',
  email: 'ada@example.org',
  displayName: 'Ada',
  role: 'member',
  password: 'correct horse battery staple',
  clientSecret: 'as the provider has shown it',
  iss: 'https://login.example.org',
  label: 'My phone',
  uri: 'otpauth://totp/Domicile?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  qrCode: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  next: null,
  sessionId: id('session'),
  actorId: id('person'),
  subjectId: id('person'),
  personId: id('person'),
  invitedBy: id('person'),
  madeBy: id('person'),
  timeZone: 'Europe/Berlin',
  systemIdentifier: '7561234567890123456',
  dataKey: id('dataKey'),
  table: 'membership',
  notCounted: ['signup'],
  because: [],
  stack: `${REGION}-1`,
  environment: 'production',
  by: 'Domicile Europe, in the public region file',
  host: 'maps.example.org',
  loginHint: null,
};

/** Fields that an example leaves out, by message: an alternative beside the other would be refused. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  ConfirmSignup: ['passkey'],
  ProveYourself: ['totp', 'passkey'],
  CompleteRecovery: ['secondFactor'],
  AccountView: ['closingAt'],
};

/**
 * Puts an example into every message of the document: of a body and of an answer one that its schema allows, of refusals one for each
 * code, as they are answered.
 * @throws Error for a field that nothing says an example of: add it to {@link FIELDS}, or to its declaration
 */
export function withExamples(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  const of = (schema: Schema, at: string): unknown => exampleOf(schemas, schema, at);
  const codes = new Set<ErrorCode>();
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[])) {
    for (const [type, message] of Object.entries(operation.requestBody?.content ?? {}))
      message.example = of(message.schema, type);
    for (const [status, { description, content = {} }] of Object.entries(operation.responses))
      for (const [type, message] of Object.entries(content))
        if (status < '400') message.example = lines(type, of(message.schema, type));
        else {
          const refused = [...description.matchAll(/^`([^`]+)`/gm)].map(([, code]) => code as ErrorCode);
          message.examples = Object.fromEntries(
            refused.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
          );
          refused.forEach((code) => codes.add(code));
        }
  }
  const examples = Object.fromEntries([...codes].sort().map((code) => [code, { value: problem(code) }]));
  return { ...document, components: { ...document.components, examples } };
}

function exampleOf(schemas: Readonly<Record<string, Schema>>, schema: Schema, at: string): unknown {
  if (schema.example !== undefined) return schema.example;
  const name = (schema.$ref ?? schema.allOf?.[0]?.$ref)?.replace('#/components/schemas/', '');
  if (name !== undefined) return exampleOf(schemas, schemas[name]!, name);
  const field = at.slice(at.indexOf('.') + 1);
  for (const key of [at, field]) if (Object.hasOwn(FIELDS, key)) return FIELDS[key];
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'date-time') return TIME;
  switch (schema.type) {
    case 'boolean':
      return true;
    case 'integer':
      return 1;
    case 'array':
      return [exampleOf(schemas, schema.items!, at)];
    case 'object': {
      const said = Object.entries(schema.properties ?? {}).filter(([each]) => !LEFT_OUT[at]?.includes(each));
      return Object.fromEntries(said.map(([each, of]) => [each, exampleOf(schemas, of, `${at}.${each}`)]));
    }
    default:
      throw new Error(`Nothing says what ${at} looks like; give it an example.`);
  }
}

/** JSON lines are text, each line a message. */
function lines(type: string, example: unknown): unknown {
  return type === 'application/x-ndjson' ? `${JSON.stringify(example)}\n` : example;
}

function problem(code: ErrorCode): object {
  const { status, title, detail } = CATALOGUE[code]!;
  return { type: `urn:domicile:error:${code}`, title, status, code, detail };
}
