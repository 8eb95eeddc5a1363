import { LIMITS } from './limit-settings.js';

/** One line of the configuration table in the README. `<CODE>` in a name stands for a region's code in capitals. */
export interface Setting {
  readonly name: string;
  /** The default as people read it; 'required' when there is none, '–' when leaving it out means nothing is set. */
  readonly default: string;
  readonly meaning: string;
  /** Who reads it: every process; those that serve a region; the worker alone of them; or the `domicile` command alone. */
  readonly reader: 'every' | 'api' | 'worker' | 'command';
}

const api = (name: string, defaultText: string, meaning: string): Setting => ({
  name,
  default: defaultText,
  meaning,
  reader: 'api',
});

/** What the front door reads as well: it serves no region, and knows of each what is public. */
const every = (...words: Parameters<typeof api>): Setting => ({ ...api(...words), reader: 'every' });

/** The settings of one database of a region, as the API takes them. */
function database(infix: string, what: string, role: string): Setting[] {
  const name = `DOMICILE_<CODE>_${infix}DATABASE`;
  return [
    api(`${name}_URL`, 'required, or _FILE', `postgres:// address ${what} for the ${role} role`),
    api(`${name}_URL_FILE`, '–', 'file with that address, for its owner alone (mode 0600)'),
    api(`${name}_CA_FILE`, '–', 'PEM file of the CA of that database; required unless it is on this machine'),
  ];
}

/** Its owner's address, for the command alone. */
function owner(infix: string, what: string): Setting[] {
  const name = `DOMICILE_<CODE>_OWNER_${infix}DATABASE_URL`;
  const meaning = `address of ${what} for the owning role, for init and migrate; the API refuses to start with it`;
  return [
    { name, default: '–', meaning, reader: 'command' },
    {
      name: `${name}_FILE`,
      default: '–',
      meaning: 'file with that address, for its owner alone (mode 0600)',
      reader: 'command',
    },
  ];
}

/** How the worker reaches a region's relay; the API holds none of it. */
function relay(): Setting[] {
  const name = 'DOMICILE_<CODE>_SMTP';
  const row = (suffix: string, standard: string, meaning: string): Setting => ({
    name: `${name}_${suffix}`,
    default: standard,
    meaning,
    reader: 'worker',
  });
  return [
    row(
      'URL',
      'required, or _FILE',
      'address of its mail relay: smtps://user:password@host:465, or smtp://… for STARTTLS',
    ),
    row('URL_FILE', '–', 'file with that address, for its owner alone (mode 0600)'),
    row('CA_FILE', '–', "PEM file of the CA of that relay; the system's where it is left out"),
  ];
}

/** Every setting there is. A variable `DOMICILE_…` that is not here is refused, and the README's table is rendered from it. */
export const SETTINGS_TABLE: readonly Setting[] = [
  every(
    'PORT',
    '4000',
    'port it listens on, 0 takes a free one; of npm start that of the front door, and the API follows it',
  ),
  api(
    'DOMICILE_TOPOLOGY',
    'required',
    'separate (one region a process; every real stack) or combined (development and tests)',
  ),
  api(
    'DOMICILE_SERVES',
    'required',
    'codes of the regions this process serves, with commas; exactly one when separate',
  ),
  api('DOMICILE_STACK', 'required', 'name of the stack, sealed into the marker of its database'),
  api('DOMICILE_ENVIRONMENT', 'required', 'name of the environment, sealed into the marker of its database'),
  every('DOMICILE_REGIONS_FILE', 'deploy/regions.json', 'the public region file'),
  api('DOMICILE_POLICIES_DIR', 'deploy/policies', 'folder of the policy texts'),
  every('DOMICILE_PUBLIC_PORTS', '–', 'ports for {port} in the origins of the region file, as eu=4001,us=4002'),
  api('DOMICILE_REQUEST_DEADLINE_MILLISECONDS', '1500', 'how long one request may take altogether, 100 to 30000'),
  api('DOMICILE_POOL_SIZE', '10', 'connections to the database of each served region, 1 to 100'),
  api(
    'DOMICILE_KEYS_AHEAD_AFTER_SECONDS',
    '10',
    'how long after its start an API begins to read wrapped data keys ahead of use, 0 to 86400',
  ),
  api(
    'DOMICILE_TRUSTED_PROXY_CIDRS',
    '–',
    'networks of our own proxies, as 10.0.0.0/8,fd00::/8: their X-Forwarded-For names the network that limits count',
  ),
  api('DOMICILE_SESSION_IDLE_HOURS', '336', 'hours without a request after which a session is over, 1 to 720'),
  api('DOMICILE_SESSION_ABSOLUTE_HOURS', '720', 'hours after which a session is over in any case, 1 to 720'),
  ...Object.values(LIMITS).map(([name, standard, meaning]) => api(name, String(standard), `limit: ${meaning}`)),
  api('DOMICILE_<CODE>_HOME', 'required', 'folder for everything of the region that is not in its database'),
  ...database('', 'of the region', 'application'),
  ...database('KEY_', "of the region's key store, on a server of its own,", 'application'),
  api(
    'DOMICILE_<CODE>_PROVIDER_NETWORKS',
    '–',
    "networks beside the public internet in which customers' own OpenID providers may be, as 10.0.0.0/8,fd00::/8",
  ),
  api(
    'DOMICILE_<CODE>_PROVIDER_CA_FILE',
    '–',
    "PEM file of a CA that such providers may be certified by, beside the system's",
  ),
  api(
    'DOMICILE_<CODE>_DNS_SERVERS',
    '–',
    "name servers that are asked for the records of customers' domains, as 10.0.0.2,[fd00::2]:53; the system's where it is left out",
  ),
  ...relay(),
  {
    name: 'DOMICILE_HOME',
    default: './.domicile',
    meaning: 'folder that npm start keeps everything in',
    reader: 'command',
  },
  ...owner('', 'the region'),
  ...owner('KEY_', "the region's key store"),
];
