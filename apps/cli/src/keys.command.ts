import { join } from 'node:path';
import {
  Contexts,
  IdCodec,
  isResidencyError,
  keyDoor,
  markerPublicKey,
  type RegionContext,
  Regions,
} from '@domicile/residency';
import { addWrappingKey, FileKeyProvider, KeyStore, rewrapKeys, wrappingVersions } from '@domicile/vault';
import type { CliSettings } from './cli-settings.js';

const BATCH_MILLISECONDS_MAX = 30_000;

/**
 * `domicile keys`: shows or rotates the wrapping keys of a region, beside a running API. A rotation that was cut off is finished
 * first: no further key is made while an older one still wraps. Older key files stay, as backups of the key store need them.
 * @returns the exit code
 * @throws Error in one sentence when the key store cannot be reached or is not the region's
 */
export async function keys(
  settings: CliSettings,
  { region: code, action }: { region: string; action: 'status' | 'rotate' },
): Promise<number> {
  const regions = Regions.load(settings.regionsFile, settings.port);
  const region = regions.get(code);
  const keysDir = join(settings.regionHome(code), 'keys');
  const { url, ca } = settings.keyStore(code);
  const { stack, environment } = settings;
  const ids = new IdCodec(regions);
  const expected = { stack, environment, publicKey: markerPublicKey(keysDir) };
  const door = keyDoor([{ region, url, ...(ca === undefined ? {} : { ca }), expected, poolSize: 1 }], ids);
  const store = new KeyStore(door);
  const provider = new FileKeyProvider([{ region: code, keysDir }]);
  const contexts = new Contexts(ids, regions, [region], BATCH_MILLISECONDS_MAX);
  const unit = <T>(work: (ctx: RegionContext) => Promise<T>): Promise<T> =>
    contexts.run({ region, actor: { kind: 'job', name: 'keys' } }, work);
  await door.open();
  try {
    if (action === 'rotate') {
      const newest = await provider.newest(code);
      const unfinished = (await unit((ctx) => store.countByVersion(ctx))).some((row) => row.wrappingVersion < newest);
      const version = unfinished ? newest : addWrappingKey(keysDir);
      const done = await rewrapKeys(code, store, provider, unit, (count) =>
        process.stdout.write(`${code}: ${count} data keys wrapped anew\n`),
      );
      process.stdout.write(`${code}: ${done} data keys are now wrapped by version ${version}.\n`);
    }
    const counts = new Map(
      (await unit((ctx) => store.countByVersion(ctx))).map((row) => [row.wrappingVersion, row.count]),
    );
    const versions = new Set([...wrappingVersions(keysDir), ...counts.keys()]);
    for (const version of [...versions].sort((a, b) => a - b))
      process.stdout.write(
        `${code}: version ${version} wraps ${counts.get(version) ?? 0} data keys${wrappingVersions(keysDir).includes(version) ? '' : ', BUT ITS FILE IS MISSING'}.\n`,
      );
    return 0;
  } catch (error) {
    if (!isResidencyError(error, 'residency.unavailable')) throw error;
    throw new Error(`The key store of ${code} is away; start it and run this again: a rotation goes on where it was.`, {
      cause: error,
    });
  } finally {
    await door.close();
  }
}
