import { encodeBase32 } from '../../../libs/residency/src/base32.js';
import { filesBelow } from '../../support/started.js';
import type { Site } from '../../support/installation.js';
import type { Kind, SweepNeedle } from './canaries.js';
import { base64Forms, byteForms, spellingsOf } from './needles.js';

const FORMAT_BYTES = 1;
const KEY_ID_BYTES = 16;
const SEALED_BYTES_MIN = FORMAT_BYTES + KEY_ID_BYTES + 28;
/** Columns that hold sealed values begin with this byte, see libs/vault/src/sealed-value.ts. */
const SEALED_FORMAT = 1;

/** All columns that could hold such a thing, but for the hash of a published document. */
const COLUMNS = `select format('%I.%I', table_schema, table_name) as table, column_name as column, data_type as type
  from information_schema.columns where data_type in ('uuid', 'bytea')
    and column_name <> 'text_hash' and table_schema not in ('pg_catalog', 'information_schema')`;

/**
 * What a copy of a region's rows would carry, though it were sealed: ids of all its rows, headers of its sealed values with their
 * key ids, blind indexes, wrapped keys. Read as superuser from both of its databases.
 */
export async function needlesOfRows({ region, database, keyStore }: Site): Promise<SweepNeedle[]> {
  const needles = new Map<string, SweepNeedle>();
  const add = (kind: Kind, what: string, bytes: Buffer): void => {
    for (const form of formsOf(kind, bytes))
      needles.set(form.bytes.toString('latin1'), {
        bytes: form.bytes,
        mark: { kind, region: region.code, what, encoding: form.encoding },
      });
  };
  for (const source of [database, keyStore])
    for (const { table, column, type } of await source.sql('superuser', COLUMNS)) {
      const what = `${String(table)}.${String(column)}`;
      const values = await source.sql(
        'superuser',
        `select distinct ${type === 'uuid' ? 'uuid_send' : ''}("${String(column)}") as value from ${String(table)} where "${String(column)}" is not null`,
      );
      for (const { value } of values) {
        const bytes = value as Buffer;
        if (type === 'uuid') add(what.startsWith('public.data_key.') ? 'data key' : 'resident id', what, bytes);
        else if (what === 'public.data_key.wrapped') add('wrapped key', what, bytes);
        else if (what.endsWith('.sealed') && bytes[0] === SEALED_FORMAT && bytes.length >= SEALED_BYTES_MIN) {
          add('sealed value', what, bytes.subarray(0, FORMAT_BYTES + KEY_ID_BYTES));
          add('data key', what, bytes.subarray(FORMAT_BYTES, FORMAT_BYTES + KEY_ID_BYTES));
        } else if (bytes.length >= KEY_ID_BYTES) add('blind index', what, bytes);
      }
    }
  return [...needles.values()];
}

/** Keys and passwords of a region: what stands in its key folders but for what is public, and its database passwords. */
export function needlesOfSecrets({ region, home, database, keyStore }: Site): SweepNeedle[] {
  const files = [...new Set([`${home}/keys`, database.keysDir, keyStore.keysDir])].flatMap((folder) =>
    filesBelow(folder),
  );
  const lines = files
    .filter(({ path }) => !/\.(pub|json)$/.test(path))
    .flatMap(({ path, bytes }) =>
      bytes
        .toString('latin1')
        .split('\n')
        .map((text) => [path.split('/').at(-1)!, text] as const),
    )
    .filter(([, text]) => text.length >= 32 && !text.startsWith('-----'));
  const passwords = [database, keyStore].flatMap(({ ownerUrl, appUrl }) =>
    [ownerUrl, appUrl].map((url) => ['database password', new URL(url).password] as const),
  );
  return [...lines, ...passwords].flatMap(([what, text]) => {
    const binary = /^[0-9a-f]{64}$/.test(text) ? byteForms(Buffer.from(text, 'hex')) : [];
    return [...spellingsOf(text), ...binary].map(({ bytes, encoding }) => ({
      bytes,
      mark: { kind: 'credential' as const, region: region.code, what, encoding },
    }));
  });
}

/** Ids also as uuid and as the end of their text (`acct_eu_` is no secret, the 26 characters are one row's own). */
function formsOf(kind: Kind, bytes: Buffer) {
  if (kind === 'sealed value')
    return [
      { encoding: 'raw' as const, bytes },
      { encoding: 'hex' as const, bytes: Buffer.from(bytes.toString('hex')) },
      { encoding: 'base64' as const, bytes: Buffer.from(base64Forms(bytes)[0]!) },
    ];
  if (kind !== 'resident id' && kind !== 'data key') return byteForms(bytes);
  const hex = bytes.toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const texts = [uuid, uuid.toUpperCase(), encodeBase32(bytes)];
  return [...byteForms(bytes), ...texts.map((text) => ({ encoding: 'raw' as const, bytes: Buffer.from(text) }))];
}
