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
 * | credential | `cred` | what a person proves herself with: a password |
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
 * | passkey | `pky` | one passkey of a person (WebAuthn) |
 * | challenge | `chl` | a random text that a passkey is to sign once |
 * | totp | `totp` | what a person's authenticator app shares with us |
 * | signIn | `sgi` | a sign-in that waits for its second step |
 * | invitation | `inv` | a part in an account, offered to an address |
 * | apiToken | `tkn` | the row of an API token; the secret is `tok` |
 * | recovery | `rcv` | a new password asked for by mail |
 * | addressChange | `adch` | another address asked for by a person |
 * | knownDevice | `kdev` | a device that a person has signed in on |
 * | failureStreak | `strk` | how often in a row something failed |
 * | oidcClient | `clnt` | a relying party of the region's OpenID Connect issuer |
 * | oidcRecord | `oidc` | one thing that the issuer remembers: an interaction, a code, a token, a grant |
 * | oidcConsent | `cnst` | what a person has agreed to with one relying party |
 * | accountDomain | `dom` | a mail domain that an account claims |
 * | provider | `idp` | an account's own OpenID provider, as it was set; set to another one, it has another id |
 * | providerSignIn | `psi` | a sign-in that waits for the answer of such a provider; the `state` that goes there and back |
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
  passkey: 'pky',
  challenge: 'chl',
  totp: 'totp',
  signIn: 'sgi',
  invitation: 'inv',
  apiToken: 'tkn',
  recovery: 'rcv',
  addressChange: 'adch',
  knownDevice: 'kdev',
  failureStreak: 'strk',
  oidcClient: 'clnt',
  oidcRecord: 'oidc',
  oidcConsent: 'cnst',
  accountDomain: 'dom',
  provider: 'idp',
  providerSignIn: 'psi',
} as const;

/**
 * The registry of secret prefixes (`sst_eu_…`): apart from the ids, so that a scanner and a reader know a secret at sight.
 *
 * | kind | prefix | opens |
 * |---|---|---|
 * | session | `sst` | one signed-in session |
 * | apiToken | `tok` | the API on behalf of an account's member |
 * | signIn | `sit` | the second step of one sign-in |
 * | device | `dev` | nothing by itself: it tells a known device from a stranger's at a sign-in |
 * | oidcClient | `ocs` | the token endpoint on behalf of a relying party |
 * | providerSignIn | `pst` | the completion of one sign-in with an account's own provider, for the browser that began it |
 */
export const SECRET_PREFIXES = {
  session: 'sst',
  apiToken: 'tok',
  signIn: 'sit',
  device: 'dev',
  oidcClient: 'ocs',
  providerSignIn: 'pst',
} as const;
