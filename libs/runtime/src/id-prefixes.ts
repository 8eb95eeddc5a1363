/**
 * The registry of id prefixes: the first word of every id of the product (`acct_eu_…`), so that an id says what it names.
 * One file, because two kinds under one prefix could be mistaken for each other for ever: ids are never renamed.
 *
 * | kind | prefix | names |
 * |---|---|---|
 * | account | `acct` | a customer: a company or a person |
 * | person | `pers` | one e-mail address in one region; signs in |
 * | membership | `mbr` | a person in an account, with a role; owned by the account |
 * | affiliation | `aff` | the same tie seen from the person, so that sign-in finds the accounts |
 * | credential | `cred` | what a person proves herself with: a password, a passkey |
 * | session | `sess` | one signed-in device; the id is public, the secret is not |
 * | signup | `sgn` | a signup asked for and not yet confirmed |
 * | acceptance | `acpt` | one acceptance of one version of one document |
 * | outbox | `obx` | one effect waiting to leave the region's database: a mail, an event |
 * | dataKey | `key` | the data key of one subject; in the key store alone |
 * | tombstone | `tomb` | a data key that was destroyed |
 * | idempotency | `idem` | the kept answer to one request with an Idempotency-Key |
 * | rateCount | `rate` | how often something was asked for within one window of time |
 * | personEvent | `pevt` | one line of a person's security log |
 * | accountEvent | `aevt` | one line of an account's security log |
 * | oidcClient | `clnt` | a relying party of the region's OpenID Connect issuer |
 * | oidcRecord | `oidc` | one thing that the issuer remembers: an interaction, a code, a token, a grant |
 *
 * Shape: 2 to 8 lower-case letters, unique here and among {@link SECRET_PREFIXES}.
 */
export const ID_PREFIXES = {
  account: 'acct',
  person: 'pers',
  membership: 'mbr',
  affiliation: 'aff',
  credential: 'cred',
  session: 'sess',
  signup: 'sgn',
  acceptance: 'acpt',
  outbox: 'obx',
  dataKey: 'key',
  tombstone: 'tomb',
  idempotency: 'idem',
  rateCount: 'rate',
  personEvent: 'pevt',
  accountEvent: 'aevt',
  oidcClient: 'clnt',
  oidcRecord: 'oidc',
} as const;

/**
 * The registry of secret prefixes (`sst_eu_…`): apart from the ids, so that a scanner and a reader know a secret at sight.
 *
 * | kind | prefix | opens |
 * |---|---|---|
 * | session | `sst` | one signed-in session |
 * | apiToken | `tok` | the API on behalf of an account's member |
 * | oidcClient | `ocs` | the token endpoint on behalf of a relying party |
 */
export const SECRET_PREFIXES = { session: 'sst', apiToken: 'tok', oidcClient: 'ocs' } as const;
