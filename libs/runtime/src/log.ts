import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** How much an event matters: `warn` wants a look some day, `error` wants a person. */
export type EventLevel = 'info' | 'warn' | 'error';

/** Everything an event may say, and nothing else. No field here can hold a person's data; `route` is the pattern, never the URL. */
export interface EventFields {
  readonly requestId?: string | undefined;
  readonly region?: string | undefined;
  readonly route?: string | undefined;
  readonly method?: string | undefined;
  readonly status?: number | undefined;
  readonly milliseconds?: number | undefined;
  readonly code?: string | undefined;
  readonly errorName?: string | undefined;
  readonly table?: string | undefined;
  readonly constraint?: string | undefined;
  readonly count?: number | undefined;
  readonly pid?: number | undefined;
  readonly port?: number | undefined;
  readonly topology?: string | undefined;
  readonly signal?: string | undefined;
  readonly attempt?: number | undefined;
  /** Id of an outbox item: it names an effect, and neither a person nor an account. */
  readonly item?: string | undefined;
}

/** The one way to write a log line. */
export interface EventLog {
  /** Writes one JSON line `{level, time, event, …fields}`; `name` is constant text like `request.fault`, never built from data. */
  event(name: string, fields?: EventFields, level?: EventLevel): void;
  /** How many fields were dropped since the start, because their key or their value is not allowed. Zero in a sound program. */
  readonly dropped: number;
}

/** Where lines go: `write` gets one line with its line feed. */
export interface LineSink {
  write(line: string): void;
}

/** The logs of the regions of a process, by region code; see `regionLogs` for those that are files. */
export type RegionSinks = ReadonlyMap<string, LineSink>;

const FIELD_TYPES: Readonly<Record<keyof EventFields, 'string' | 'number'>> = {
  requestId: 'string',
  region: 'string',
  route: 'string',
  method: 'string',
  status: 'number',
  milliseconds: 'number',
  code: 'string',
  errorName: 'string',
  table: 'string',
  constraint: 'string',
  count: 'number',
  pid: 'number',
  port: 'number',
  topology: 'string',
  signal: 'string',
  attempt: 'number',
  item: 'string',
};

/** Longest string of a field; the rest is cut off. */
export const FIELD_LENGTH_MAX = 120;
/** Identifiers, codes, route patterns. No `@` and no space: an address or a sentence does not fit through. */
const IDENTIFIER = /^[\w.:/*{}()$-]*$/;
const EVENT_NAME = /^[a-z]+(?:[._][a-z]+)*$/;
/** A code that a machine wrote (SQLSTATE, ERR_…), and one of our catalogues, which only our own errors may have. */
const MACHINE_CODE = /^[A-Z0-9_]{1,40}$/;
const OWN_CODE = /^[a-z]+\.[a-z_]{1,40}$/;

/**
 * A log that writes only what is allowed by key, by type and by alphabet; the rest is dropped and counted (leak rows 22, 23).
 * An error cannot be passed at all: messages of pg, TypeORM and `JSON.parse` quote values, so callers pass a class name and a code.
 * A line that carries a region of `regions` goes to that region's sink and nowhere else (law L9); every other one to `sink`, which is
 * standard output unless told otherwise, written synchronously so that the last line before an exit is not lost.
 */
export function createEventLog(
  sink: LineSink = pino.destination({ fd: 1, sync: true }),
  regions: RegionSinks = new Map(),
): EventLog {
  const general = writer(sink);
  const regional = new Map([...regions].map(([code, own]) => [code, writer(own)]));
  let dropped = 0;
  return {
    get dropped() {
      return dropped;
    },
    event(name, fields = {}, level = 'info') {
      const safe: Record<string, string | number> = { event: EVENT_NAME.test(name) ? name : 'log.name_refused' };
      for (const [key, value] of Object.entries(fields) as [string, unknown][]) {
        if (value === undefined) continue;
        const type = Object.hasOwn(FIELD_TYPES, key) ? FIELD_TYPES[key as keyof EventFields] : undefined;
        if (type === 'string' && typeof value === 'string' && IDENTIFIER.test(value)) {
          safe[key] = value.slice(0, FIELD_LENGTH_MAX);
        } else if (type === 'number' && typeof value === 'number' && Number.isFinite(value)) safe[key] = value;
        else dropped++;
      }
      (regional.get(String(safe['region'])) ?? general)[level](safe);
    },
  };
}

function writer(sink: LineSink): Logger {
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    sink,
  );
}

/**
 * The last resort (leak row 27): an error that nobody caught becomes one `process.fault` line with the class and the code of the
 * error, and the process ends with exit code 1. Without it Node prints the error's message, stack and own properties.
 * Call it once, first thing in `main.ts`; a supervisor starts the process again.
 */
export function installLastResort(log: EventLog): void {
  const end = (error: unknown): void => {
    try {
      log.event('process.fault', nameAndCode(error), 'error');
    } finally {
      process.exit(1);
    }
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** Of any value; one that throws when it is looked at is `Unreadable`. The class is the prototype's, as `constructor` may hold data. */
function nameAndCode(error: unknown): Pick<EventFields, 'errorName' | 'code'> {
  if (typeof error !== 'object' || error === null) return { errorName: typeof error };
  try {
    const prototype = Object.getPrototypeOf(error) as { constructor?: { name?: unknown } } | null;
    const name = prototype?.constructor?.name;
    const code: unknown = Reflect.get(error, 'code');
    const pattern = Reflect.get(error, Symbol.for('domicile.problem')) === true ? OWN_CODE : MACHINE_CODE;
    return {
      errorName: typeof name === 'string' && name !== '' ? name : 'Object',
      ...(typeof code === 'string' && pattern.test(code) && { code }),
    };
  } catch {
    return { errorName: 'Unreadable' };
  }
}

/**
 * Nest's logger without Nest's words: what the framework says goes nowhere, and its errors become a bare `nest.error` event,
 * because their texts quote URLs, bodies and stacks. Boot failures must therefore reach `main.ts`: create the application with
 * `{logger: nestLogger(log), abortOnError: false}` and report the rejection by its class and code.
 */
export function nestLogger(log: EventLog): LoggerService {
  const silent = (): void => undefined;
  const error = (): void => log.event('nest.error', {}, 'error');
  return { log: silent, warn: silent, debug: silent, verbose: silent, error, fatal: error };
}
