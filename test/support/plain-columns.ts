import type { CatalogueTable } from './catalogue.js';

const MOMENT = 'timestamp with time zone';

/** Numbers, moments and yes-or-no that stand in clear in any table, by name and type, with what they say. */
const EVERYWHERE: Readonly<Record<string, string>> = {
  'version integer': 'how often the row has changed',
  [`created_at ${MOMENT}`]: 'when the row was made',
  [`expires_at ${MOMENT}`]: 'when the row is over',
};

/**
 * Those of one table. No text stands in them, but a date of birth or an income would be as personal as a name: so this list is closed.
 * What is to be added must say what it tells of somebody, and whatever somebody types is sealed instead.
 */
const OF_A_TABLE: Readonly<Record<string, string>> = {
  [`acceptance.accepted_at ${MOMENT}`]: 'when a policy was agreed to: the proof of it',
  'account.second_factor_required boolean': 'what the account asks of sessions',
  'account.own_provider_required boolean': 'what the account asks of sessions',
  'account.session_idle_minutes integer': 'what the account asks of sessions',
  'account.session_absolute_hours integer': 'what the account asks of sessions',
  [`account.closing_at ${MOMENT}`]: 'when the account is to be erased',
  [`account_domain.verified_at ${MOMENT}`]: 'when the record was first found',
  [`account_domain.checked_at ${MOMENT}`]: 'when it was last looked for',
  [`account_domain.missing_since ${MOMENT}`]: 'since when it is not found',
  'address_change.attempts integer': 'wrong codes so far',
  [`address_change.confirmed_at ${MOMENT}`]: 'when the code was right',
  [`address_change.undone_at ${MOMENT}`]: 'when it was taken back',
  [`api_token.last_used_at ${MOMENT}`]: 'when the token was last used',
  'failure_streak.count integer': 'refusals in a row, of a keyed hash',
  'invitation.attempts integer': 'wrong codes so far',
  [`oidc_consent.agreed_at ${MOMENT}`]: 'when an application was let in',
  [`oidc_consent.last_used_at ${MOMENT}`]: 'when it last came',
  [`oidc_record.consumed_at ${MOMENT}`]: 'when it was used up',
  'outbox.attempts integer': 'how often the job was tried',
  [`outbox.due_at ${MOMENT}`]: 'when it is tried next',
  [`outbox.dead_at ${MOMENT}`]: 'when it was given up',
  'passkey.sign_count bigint': 'how often the authenticator says that it has signed',
  [`passkey.last_used_at ${MOMENT}`]: 'when the passkey was last used',
  'pending_sign_in.tries integer': 'wrong second steps so far',
  'rate_count.count integer': 'requests in a window, of a keyed hash',
  'recovery.attempts integer': 'wrong codes so far',
  [`recovery.mailed_at ${MOMENT}`]: 'when the code was mailed',
  [`recovery.completed_at ${MOMENT}`]: 'when the code was right',
  [`session.authenticated_at ${MOMENT}`]: 'when it was last proved who this is',
  [`session.last_seen_at ${MOMENT}`]: 'when the session was last used, to some minutes',
  'signup.attempts integer': 'wrong codes so far',
  'signup.issue integer': 'which of its mails counts',
  [`signup.confirmed_at ${MOMENT}`]: 'when the code was right',
  [`signup.code_expires_at ${MOMENT}`]: 'when the code is over',
  [`tombstone.destroyed_at ${MOMENT}`]: 'when the key was destroyed',
  'totp.last_step integer': 'the newest time step of which a code was used',
  [`totp.confirmed_at ${MOMENT}`]: 'when the app became a factor',
  'data_key.wrapping_version integer': 'which key of the region wraps this one',
};

/** Columns in clear that nobody has said a word about, and words about columns that are not there. */
export function unexplainedColumns(
  { name: table, columns }: CatalogueTable,
  isExplained: (column: CatalogueTable['columns'][number]) => boolean,
): string[] {
  const plain = columns.map((column) => ({ ...column, line: `${table}.${column.name} ${column.type}` }));
  return [
    ...plain
      .filter((column) => !isExplained(column))
      .filter(({ name, type, line }) => !(`${name} ${type}` in EVERYWHERE) && !(line in OF_A_TABLE))
      .map(({ name, type }) => `holds ${name} (${type}), and nothing says what that tells of somebody`),
    ...Object.keys(OF_A_TABLE)
      .filter((line) => line.startsWith(`${table}.`) && !plain.some((column) => column.line === line))
      .map((line) => `lacks ${line.slice(table.length + 1)}, which is explained`),
  ];
}
