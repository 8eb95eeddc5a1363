import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResidencyError, type ResidencyErrorCode } from './errors.js';
import type { Region } from './regions.js';

/** What a database of a region is for: its rows, or the keys that open them. One never stands in for the other. */
export type DatabasePurpose = 'rows' | 'keys';

/** A database's signed statement of what it is (law L5). Sealed once by `init`; the process only ever reads it. */
export interface Marker {
  readonly format: 1;
  readonly region: string;
  readonly number: number;
  /** Absent in markers sealed before there were key stores, which means `rows`. */
  readonly purpose?: DatabasePurpose;
  readonly stack: string;
  readonly environment: string;
  /** Counts re-sealings: a fenced-off twin carries a lower one. */
  readonly epoch: number;
  /** Random, for life. */
  readonly database: string;
  /** PostgreSQL's identity of the cluster; a dump restored elsewhere does not carry it along. */
  readonly systemIdentifier: string;
  /** Identity of the database within the cluster; a copy made with CREATE DATABASE has another. */
  readonly databaseOid: string;
  /** `host:port/database` that a person confirmed, or `embedded` for servers of our own launcher (loopback only). */
  readonly endpoint: string;
  /** RFC 3339 UTC. */
  readonly sealedAt: string;
}

/** What a connection measured of the server behind it, in the handshake. */
export interface Measured {
  readonly statement: string;
  readonly signature: Buffer;
  readonly systemIdentifier: string;
  readonly databaseOid: string;
  /** Result of `residency.region()`. */
  readonly number: number;
}

/** What the process was configured to expect. */
export interface Expected {
  readonly region: Region;
  readonly purpose: DatabasePurpose;
  readonly stack: string;
  readonly environment: string;
  /** Where the process connects to; see connection.ts. */
  readonly endpoint: string;
  readonly loopback: boolean;
  readonly publicKey: KeyObject;
}

/** The one read of the handshake. Everything in it is readable for a role without privileges. */
export const MEASURE_SQL = `select m.statement, m.signature, c.system_identifier::text as "systemIdentifier",
  d.oid::text as "databaseOid", residency.region()::int as number
  from residency.marker m, pg_control_system() c, pg_database d where d.datname = current_database()`;

/** Signs a marker. @returns the canonical text and its Ed25519 signature (RFC 8032) */
export function sealMarker(marker: Marker, privateKey: KeyObject): { statement: string; signature: Buffer } {
  const statement = JSON.stringify(marker);
  return { statement, signature: sign(null, Buffer.from(statement), privateKey) };
}

/**
 * Judges a database by its marker.
 * @throws ResidencyError residency.marker_mismatch (forged, or another region, stack or environment) or
 *   residency.marker_moved (right marker, other server, database or address), each saying which marker was found
 */
export function checkMarker(measured: Measured, expected: Expected): Marker {
  const refuse = (code: ResidencyErrorCode, why: string): never => {
    throw new ResidencyError(
      code,
      `Database ${expected.endpoint} is refused for region ${expected.region.code}: ${why}.`,
    );
  };
  const found = readMarker(measured.statement) ?? refuse('residency.marker_mismatch', 'its marker cannot be read');
  const described = `it carries the marker of region ${found.region}, stack ${found.stack}, environment ${found.environment} (database ${found.database})`;
  if (
    found.region !== expected.region.code ||
    found.number !== expected.region.number ||
    measured.number !== expected.region.number
  )
    refuse('residency.marker_mismatch', described);
  if ((found.purpose ?? 'rows') !== expected.purpose)
    refuse('residency.marker_mismatch', `${described}, for ${found.purpose ?? 'rows'} and not for ${expected.purpose}`);
  if (found.stack !== expected.stack || found.environment !== expected.environment)
    refuse(
      'residency.marker_mismatch',
      `${described}, this process is stack ${expected.stack}, environment ${expected.environment}`,
    );
  if (!verify(null, Buffer.from(measured.statement), expected.publicKey, measured.signature))
    refuse('residency.marker_mismatch', `${described}, but the signature is not by this region's marker key`);
  if (found.systemIdentifier !== measured.systemIdentifier || found.databaseOid !== measured.databaseOid)
    refuse(
      'residency.marker_moved',
      `${described}, which was sealed on another server or database: this is a copy or it has moved, and a person must re-seal it`,
    );
  if (found.endpoint === 'embedded' ? !expected.loopback : found.endpoint !== expected.endpoint)
    refuse('residency.marker_moved', `${described}, which was sealed for the address ${found.endpoint}`);
  return found;
}

/** The marker in a statement, or null when it is none; not yet proven by its signature. */
function readMarker(statement: string): Marker | null {
  try {
    const read: unknown = JSON.parse(statement);
    return typeof read === 'object' ? (read as Marker | null) : null;
  } catch {
    return null;
  }
}

const PRIVATE = 'marker.key';
const PUBLIC = 'marker.pub';

/** The region's marker key pair in its key folder; made at the first call. For `init` and re-sealing only. */
export function markerKeyPair(keysDir: string): { privateKey: KeyObject; publicKey: KeyObject } {
  const file = join(keysDir, PRIVATE);
  if (!existsSync(file)) {
    const pair = generateKeyPairSync('ed25519');
    writeFileSync(join(keysDir, PUBLIC), pair.publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o644 });
    writeFileSync(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  if ((statSync(file).mode & 0o077) !== 0)
    throw new ResidencyError('residency.configuration_invalid', `${file} can be read by others; make it mode 0600.`);
  const privateKey = createPrivateKey(readFileSync(file));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** The public half, all that a serving process needs. @throws ResidencyError residency.configuration_invalid when missing */
export function markerPublicKey(keysDir: string): KeyObject {
  const file = join(keysDir, PUBLIC);
  if (!existsSync(file))
    throw new ResidencyError(
      'residency.configuration_invalid',
      `${file} is missing; run "domicile init" for this region first.`,
    );
  return createPublicKey(readFileSync(file));
}
