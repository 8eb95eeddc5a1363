import { isCidr } from './client-network.js';

/** How often something may be asked for; see the settings table for each. */
export interface LimitSettings {
  readonly signupsPerAddressHour: number;
  readonly signupsPerAddressDay: number;
  readonly signupsPerNetworkHour: number;
  readonly signupsPerRegionHour: number;
  readonly confirmationsPerNetworkHour: number;
  readonly confirmationsPerRegionHour: number;
  readonly signInsPerNetworkHour: number;
  readonly signInsPerAddressAndNetworkHour: number;
  readonly signInsPerRegionHour: number;
  readonly invitationsPerNetworkHour: number;
  readonly invitationsPerAccountDay: number;
  readonly signInsPerAddressHour: number;
  readonly signInFailuresInARow: number;
  readonly signupMailsPerSignupHour: number;
  readonly signupMailsPerNetworkHour: number;
  readonly recoveriesPerAddressTenMinutes: number;
  readonly recoveriesPerNetworkHour: number;
  readonly recoveriesPerRegionHour: number;
  readonly addressChangesPerPersonHour: number;
  readonly addressChangesPerAddressHour: number;
  readonly addressChangesPerNetworkHour: number;
  readonly readsPerSessionSecond: number;
  readonly authorizationsPerNetworkHour: number;
  readonly authorizationsPerRegionHour: number;
  readonly providerChecksPerAccountHour: number;
  readonly providerChecksPerNetworkHour: number;
}

const LIMIT_MAX = 999_999;

/** Name, default and meaning of each limit: what the settings table shows and what {@link limitSettings} reads. */
export const LIMITS: Readonly<Record<keyof LimitSettings, readonly [name: string, standard: number, meaning: string]>> =
  {
    signupsPerAddressHour: ['DOMICILE_LIMIT_SIGNUPS_PER_ADDRESS_HOUR', 5, 'signups for one e-mail address an hour'],
    signupsPerAddressDay: ['DOMICILE_LIMIT_SIGNUPS_PER_ADDRESS_DAY', 20, 'signups for one e-mail address a day'],
    signupsPerNetworkHour: [
      'DOMICILE_LIMIT_SIGNUPS_PER_NETWORK_HOUR',
      300,
      'signups an hour from one IPv4 address or IPv6 /64 network',
    ],
    signupsPerRegionHour: ['DOMICILE_LIMIT_SIGNUPS_PER_REGION_HOUR', 20_000, 'signups an hour in a whole region'],
    confirmationsPerNetworkHour: [
      'DOMICILE_LIMIT_CONFIRMATIONS_PER_NETWORK_HOUR',
      600,
      'confirmations, right or wrong, an hour from one such network',
    ],
    confirmationsPerRegionHour: [
      'DOMICILE_LIMIT_CONFIRMATIONS_PER_REGION_HOUR',
      40_000,
      'confirmations an hour in a whole region',
    ],
    signInsPerNetworkHour: [
      'DOMICILE_LIMIT_SIGN_INS_PER_NETWORK_HOUR',
      600,
      'sign-ins, right or wrong, an hour from one such network',
    ],
    signInsPerAddressAndNetworkHour: [
      'DOMICILE_LIMIT_SIGN_INS_PER_ADDRESS_AND_NETWORK_HOUR',
      30,
      'sign-ins, right or wrong, an hour for one e-mail address from one such network',
    ],
    signInsPerRegionHour: ['DOMICILE_LIMIT_SIGN_INS_PER_REGION_HOUR', 100_000, 'sign-ins an hour in a whole region'],
    invitationsPerNetworkHour: [
      'DOMICILE_LIMIT_INVITATIONS_PER_NETWORK_HOUR',
      100,
      'invitations an hour from one such network',
    ],
    invitationsPerAccountDay: ['DOMICILE_LIMIT_INVITATIONS_PER_ACCOUNT_DAY', 200, 'invitations a day by one account'],
    signInsPerAddressHour: [
      'DOMICILE_LIMIT_SIGN_INS_PER_ADDRESS_HOUR',
      100,
      'sign-ins, right or wrong, an hour for one e-mail address from all networks, but for devices that its person has signed in on',
    ],
    signInFailuresInARow: [
      'DOMICILE_LIMIT_SIGN_IN_FAILURES_IN_A_ROW',
      100,
      'failed sign-ins in a row for one e-mail address or known device; the address then needs a known device or a recovery',
    ],
    signupMailsPerSignupHour: [
      'DOMICILE_LIMIT_SIGNUP_MAILS_PER_SIGNUP_HOUR',
      3,
      'mails asked again for one signup an hour',
    ],
    signupMailsPerNetworkHour: [
      'DOMICILE_LIMIT_SIGNUP_MAILS_PER_NETWORK_HOUR',
      300,
      'mails asked again for signups an hour from one such network',
    ],
    recoveriesPerAddressTenMinutes: [
      'DOMICILE_LIMIT_RECOVERIES_PER_ADDRESS_TEN_MINUTES',
      3,
      'recoveries for one e-mail address in ten minutes, the life of a code: who is at the limit has links that work',
    ],
    recoveriesPerNetworkHour: [
      'DOMICILE_LIMIT_RECOVERIES_PER_NETWORK_HOUR',
      100,
      'recoveries an hour from one such network',
    ],
    recoveriesPerRegionHour: [
      'DOMICILE_LIMIT_RECOVERIES_PER_REGION_HOUR',
      20_000,
      'recoveries an hour in a whole region',
    ],
    addressChangesPerPersonHour: [
      'DOMICILE_LIMIT_ADDRESS_CHANGES_PER_PERSON_HOUR',
      5,
      'changes of address that one person asks for an hour',
    ],
    addressChangesPerAddressHour: [
      'DOMICILE_LIMIT_ADDRESS_CHANGES_PER_ADDRESS_HOUR',
      3,
      'changes to one e-mail address that are asked for an hour',
    ],
    addressChangesPerNetworkHour: [
      'DOMICILE_LIMIT_ADDRESS_CHANGES_PER_NETWORK_HOUR',
      100,
      'changes of address that are asked for an hour from one such network',
    ],
    readsPerSessionSecond: [
      'DOMICILE_LIMIT_READS_PER_SESSION_SECOND',
      50,
      'reads a second by one session, ten times as many at once',
    ],
    authorizationsPerNetworkHour: [
      'DOMICILE_LIMIT_AUTHORIZATIONS_PER_NETWORK_HOUR',
      1200,
      'beginnings of signing in or out with OpenID Connect an hour from one such network',
    ],
    authorizationsPerRegionHour: [
      'DOMICILE_LIMIT_AUTHORIZATIONS_PER_REGION_HOUR',
      200_000,
      'beginnings of signing in or out with OpenID Connect an hour in a whole region',
    ],
    providerChecksPerAccountHour: [
      'DOMICILE_LIMIT_PROVIDER_CHECKS_PER_ACCOUNT_HOUR',
      60,
      "checks of one account's own domains and OpenID provider an hour",
    ],
    providerChecksPerNetworkHour: [
      'DOMICILE_LIMIT_PROVIDER_CHECKS_PER_NETWORK_HOUR',
      300,
      'such checks that are asked for an hour from one such network',
    ],
  };

/** Reads one whole number within bounds, or notes what is wrong and gives the fallback. */
export type ReadInteger = (name: string, fallback: number, min: number, max: number) => number;

/** The limits as the environment sets them; at least 1, as 0 would be a service switched off by a slip. */
export function limitSettings(read: ReadInteger): LimitSettings {
  const entries = Object.entries(LIMITS).map(
    ([key, [name, standard]]) => [key, read(name, standard, 1, LIMIT_MAX)] as const,
  );
  return Object.fromEntries(entries) as Record<keyof LimitSettings, number>;
}

/** `DOMICILE_TRUSTED_PROXY_CIDRS`: networks with commas. `problems` receives one sentence when it is something else. */
export function trustedProxyCidrs(text: string | undefined, problems: string[]): readonly string[] {
  const cidrs = (text ?? '').split(',').filter((each) => each !== '');
  if (cidrs.every(isCidr)) return cidrs;
  problems.push(
    'DOMICILE_TRUSTED_PROXY_CIDRS is not a list of networks smaller than the internet; write it as 10.0.0.0/8,fd00::/8.',
  );
  return [];
}
