import { totalmem } from 'node:os';

const MEGABYTE = 1024 * 1024;
/** A quarter of the machine's memory, as PostgreSQL's manual advises for a server of its own; taken page by page, as it is used. */
const SHARED_BUFFERS_MEGABYTES = Math.max(64, Math.min(2048, Math.floor(totalmem() / 4 / MEGABYTE)));

/**
 * What the embedded server always runs with: loopback TCP only, values and statements never in its log, nothing outside of its data
 * folder (no socket, no shared memory files in /dev/shm).
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '60',
  shared_buffers: `${SHARED_BUFFERS_MEGABYTES}MB`,
  dynamic_shared_memory_type: 'mmap',
  log_error_verbosity: 'terse',
  // Errors of statements stay out: the message itself can quote a value (22P02), and the API logs each by its code.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** The words that start `postgres` on that folder and port; `overrides` win (tests give up durability with `fsync`). */
export function serverWords(
  dataFolder: string,
  port: number,
  overrides: Readonly<Record<string, string>> = {},
): string[] {
  const settings = { ...SETTINGS, ...overrides, port: String(port) };
  return ['-D', dataFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
