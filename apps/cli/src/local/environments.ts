import type { CliSettings } from '../cli-settings.js';

/** What {@link environments} puts together. */
export interface EnvironmentOptions {
  readonly settings: CliSettings;
  /** Public port by region code. */
  readonly ports: Readonly<Record<string, number>>;
  readonly separate: boolean;
  /** The region file with the receipt keys pinned. */
  readonly regionsFile: string;
  /** The own settings of each region (`DOMICILE_<CODE>_…`), by region code. */
  readonly perRegion: Readonly<Record<string, RegionEnvironment>>;
}

/** The own settings of one region: those of every process, and those of its worker alone. */
export interface RegionEnvironment {
  readonly common: Readonly<Record<string, string>>;
  readonly relay: Readonly<Record<string, string>>;
}

/** The environments of the processes that serve one region, or all of them. */
export interface ProcessGroup {
  /** ` of region …`, or empty. */
  readonly ofRegion: string;
  readonly api: Readonly<Record<string, string>>;
  readonly worker: Readonly<Record<string, string>>;
}

/**
 * The environments of the processes to start: an API and a worker for all regions, or for each. Built from nothing but an allow-list, so
 * that a separate process holds no setting of another region, whatever the operator's shell exports (law L6); the public ports of
 * all are no secret, as origins are public.
 */
export function environments({
  settings,
  ports,
  separate,
  regionsFile,
  perRegion,
}: EnvironmentOptions): readonly ProcessGroup[] {
  const codes = Object.keys(perRegion);
  const groups = separate ? codes.map((code) => [code]) : [codes];
  const general = {
    ...settings.passedOn,
    ...publicFacts({ ports, regionsFile }),
    DOMICILE_STACK: settings.stack,
    DOMICILE_ENVIRONMENT: settings.environment,
    DOMICILE_TOPOLOGY: separate ? 'separate' : 'combined',
  };
  return groups.map((served) => {
    const own = (pick: keyof RegionEnvironment): Record<string, string> =>
      Object.fromEntries(served.flatMap((code) => Object.entries(perRegion[code]?.[pick] ?? {})));
    const api = {
      ...general,
      ...own('common'),
      DOMICILE_SERVES: served.join(','),
      // Where several are served, they share one.
      PORT: String(ports[served[0] ?? '']),
    };
    return { ofRegion: separate ? ` of region ${served.join()}` : '', api, worker: { ...api, ...own('relay') } };
  });
}

/** The environment of the front door: no region's own setting, as it serves none (law L6), and no limit or deadline of the API. */
export function frontDoorEnvironment(
  options: Pick<EnvironmentOptions, 'settings' | 'ports' | 'regionsFile'>,
): Record<string, string> {
  const passedOn = Object.entries(options.settings.passedOn).filter(([name]) => !name.startsWith('DOMICILE_'));
  return { ...Object.fromEntries(passedOn), ...publicFacts(options), PORT: String(options.settings.port) };
}

/** What every process knows of every region. */
function publicFacts({
  ports,
  regionsFile,
}: Pick<EnvironmentOptions, 'ports' | 'regionsFile'>): Record<string, string> {
  const pairs = Object.entries(ports).map(([code, port]) => `${code}=${port}`);
  return { DOMICILE_REGIONS_FILE: regionsFile, DOMICILE_PUBLIC_PORTS: pairs.join(',') };
}
