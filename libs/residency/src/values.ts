import { ResidencyError } from './errors.js';
import type { Id, IdCodec } from './ids.js';
import type { Region } from './regions.js';

/** How one parameter or column of a registered statement travels between memory and PostgreSQL, and what it refuses. */
export interface ValueCodec<T> {
  encode(value: T, ids: IdCodec, region: Region): unknown;
  decode(value: unknown, ids: IdCodec, region: Region): T;
}

/** Codecs by name, of parameters or columns. */
// Method parameters are bivariant, so a record of codecs of any types fits.
export type Codecs = Readonly<Record<string, ValueCodec<unknown>>>;

/** The type in memory of a codec. */
export type ValueOf<C> = C extends ValueCodec<infer T> ? T : never;

function plain<T>(name: string, holds: (value: unknown) => boolean): ValueCodec<T> {
  const checked = (value: unknown): T => {
    if (!holds(value))
      throw new ResidencyError('residency.statement_refused', `A value of a statement is not ${name}.`);
    return value as T;
  };
  return { encode: checked, decode: checked };
}

function listed(value: unknown): readonly unknown[] {
  if (!Array.isArray(value))
    throw new ResidencyError('residency.statement_refused', 'A value of a statement is not a list.');
  return value;
}

/** Codecs for {@link StatementDeclaration}. Ids go through the one id codec, both ways. */
export const value = {
  id: <P extends string>(prefix: P): ValueCodec<Id<P>> => ({
    encode: (v, ids, region) => ids.encode(v, prefix, region),
    decode: (v, ids, region) => ids.decode(v as string, prefix, region),
  }),
  text: plain<string>('text', (v) => typeof v === 'string'),
  integer: plain<number>('an integer', (v) => Number.isSafeInteger(v)),
  boolean: plain<boolean>('a boolean', (v) => typeof v === 'boolean'),
  bytes: plain<Buffer>('bytes', (v) => Buffer.isBuffer(v)),
  time: plain<Date>('a time', (v) => v instanceof Date),
  /** Several of the same, as a PostgreSQL array: for `= any(:name)` and `unnest(:name)`. */
  list: <T>(inner: ValueCodec<T>): ValueCodec<readonly T[]> => ({
    encode: (v, ids, region) => listed(v).map((each) => inner.encode(each as T, ids, region)),
    decode: (v, ids, region) => listed(v).map((each) => inner.decode(each, ids, region)),
  }),
  /** The same, or null. */
  nullable: <T>(inner: ValueCodec<T>): ValueCodec<T | null> => ({
    encode: (v, ids, region) => (v === null ? null : inner.encode(v, ids, region)),
    decode: (v, ids, region) => (v === null ? null : inner.decode(v, ids, region)),
  }),
} as const;
