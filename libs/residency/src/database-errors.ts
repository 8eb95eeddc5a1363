import { ResidencyError, unavailable } from './errors.js';

/** Name of every home constraint ends so: a refusal by one is a crossing, whoever wrote the SQL. */
export const HOME_SUFFIX = '_home';

/**
 * SQLSTATE classes that mean "away", not "wrong": connection exception, no entry for the role, no such database,
 * insufficient resources, operator intervention.
 */
const AWAY_CLASSES = new Set(['08', '28', '3D', '53', '57']);
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** node-postgres reports these without a code. */
const AWAY_MESSAGE =
  /^(Connection terminated|timeout exceeded|Client has encountered a connection error|Client was closed)/;

interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly constraint?: string;
  readonly driverError?: unknown;
}

/**
 * Any failure below the door as one of this library's errors. Values never travel: PostgreSQL's DETAIL and TypeORM's
 * parameters stay behind, only SQLSTATE and the constraint's name come along.
 */
export function translateDatabaseError(error: unknown): ResidencyError {
  if (error instanceof ResidencyError) return error;
  const { driverError, ...own } = describe(error);
  if (driverError !== undefined) return translateDatabaseError(driverError);
  const { code = '', constraint } = own;
  if (code === '23514' && constraint?.endsWith(HOME_SUFFIX))
    return new ResidencyError('residency.crossing', `The database refused a row by ${constraint}.`, {
      sqlState: code,
      constraint,
    });
  if (code === '23505' || code === '40001' || code === '40P01')
    return new ResidencyError('residency.conflict', 'The database refused a second row or a concurrent change.', {
      sqlState: code,
      ...(constraint === undefined ? {} : { constraint }),
    });
  if (AWAY_CLASSES.has(code.slice(0, 2)) || AWAY_CODES.has(code) || AWAY_MESSAGE.test(own.message ?? ''))
    return unavailable('The database of the region is away.', code);
  return new ResidencyError(
    'residency.database_fault',
    `The database refused a statement with SQLSTATE ${code || 'unknown'}.`,
    {
      sqlState: code,
      ...(constraint === undefined ? {} : { constraint }),
    },
  );
}

/** True when the connection that failed must not be used again. */
export function breaksConnection(error: ResidencyError): boolean {
  return error.code === 'residency.unavailable';
}

function describe(error: unknown): DriverError {
  const { code, message, constraint, driverError } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as DriverError;
  return {
    driverError,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
  };
}
