import type { CliSettings } from '../cli-settings.js';

/** What {@link apiEnvironments} puts together. */
export interface ApiEnvironmentOptions {
  readonly settings: CliSettings;
  /** Public port by region code. */
  readonly ports: Readonly<Record<string, number>>;
  readonly separate: boolean;
  /** The region file with the receipt keys pinned. */
  readonly regionsFile: string;
  /** The own settings of each region (`DOMICILE_<CODE>_…`), by region code. */
  readonly perRegion: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * The environment of each API process to start: one for all regions, or one per region. Built from nothing but an allow-list, so
 * that a separate process holds no setting of another region, whatever the operator's shell exports (law L6); the public ports of
 * all are no secret, as origins are public.
 */
export function apiEnvironments({
  settings,
  ports,
  separate,
  regionsFile,
  perRegion,
}: ApiEnvironmentOptions): { name: string; environment: Readonly<Record<string, string>> }[] {
  const codes = Object.keys(perRegion);
  const groups = separate ? codes.map((code) => [code]) : [codes];
  const common = {
    ...settings.passedOn,
    DOMICILE_REGIONS_FILE: regionsFile,
    DOMICILE_STACK: settings.stack,
    DOMICILE_ENVIRONMENT: settings.environment,
    DOMICILE_TOPOLOGY: separate ? 'separate' : 'combined',
    DOMICILE_PUBLIC_PORTS: Object.entries(ports)
      .map(([code, port]) => `${code}=${port}`)
      .join(','),
  };
  return groups.map((served) => ({
    name: separate ? `The API of region ${served.join()}` : 'The API',
    environment: {
      ...common,
      ...Object.fromEntries(served.flatMap((code) => Object.entries(perRegion[code] ?? {}))),
      DOMICILE_SERVES: served.join(','),
      PORT: String(separate ? ports[served[0] ?? ''] : settings.port),
    },
  }));
}
