import { type Contexts, type Region, type RegionContext, ResidencyError } from '@domicile/residency';
import { isBranded } from '@domicile/runtime';
import type { OnApplicationBootstrap } from '@nestjs/common';
import type { KeyProvider } from './key-provider.js';
import type { KeyId, KeyStore } from './key-store.js';

/** What the owner of sealed rows can tell of the keys that they were made with. */
export interface KeyedRows {
  /** Keys of the newest subjects, at most `limit`. */
  newestKeys(ctx: RegionContext, limit: number): Promise<KeyId[]>;
  /** Whether the index key that is here finds the newest rows again; null where there is none to tell by. */
  areIndexed(ctx: RegionContext): Promise<boolean | null>;
}

const NEWEST = 20;
const CHECK_MILLISECONDS_MAX = 10_000;

/**
 * Before any request is served, the key files are held against what lies in the databases: a well-formed file that holds another key than
 * the region's would seal what nobody can read again, or find no address and let each be taken twice. One altered value says nothing of a
 * key and stops nobody: all have to be refused. A region without anybody in it has nothing to tell by.
 */
export class KeyFilesCheck implements OnApplicationBootstrap {
  #rows: KeyedRows | null = null;

  constructor(
    private readonly contexts: Contexts,
    private readonly store: KeyStore,
    private readonly provider: KeyProvider,
  ) {}

  /** Registers whose rows are keyed. */
  handle(rows: KeyedRows): void {
    this.#rows = rows;
  }

  /** @throws ResidencyError residency.configuration_invalid for a wrapping key or an index key that is not the region's */
  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.contexts.served.map((region) => this.check(region)));
  }

  /** @throws as {@link onApplicationBootstrap} */
  async check(region: Region): Promise<void> {
    const actor = { kind: 'job', name: 'vault.check' } as const;
    await this.contexts.run({ region, actor, deadlineMilliseconds: CHECK_MILLISECONDS_MAX }, async (ctx) => {
      const refused = await this.#refusedVersions(ctx);
      if (refused.length > 0) throw another(region, `wrapping.${refused.join('.key and wrapping.')}.key`);
      if ((await this.#rows?.areIndexed(ctx)) === false) throw another(region, 'index.key');
    });
  }

  /** Versions of the wrapping key that open none of the newest keys that were wrapped under them. A version that is not here says nothing. */
  async #refusedVersions(ctx: RegionContext): Promise<number[]> {
    const newest = (await this.#rows?.newestKeys(ctx, NEWEST)) ?? [];
    const held = newest.length > 0 ? await this.store.findAll(ctx, newest) : new Map<never, never>();
    const opened = new Map<number, boolean>();
    for (const [id, wrapped] of held) {
      const opens = await this.#opens(ctx, id, wrapped);
      if (opens !== null) opened.set(wrapped.version, opens || opened.get(wrapped.version) === true);
    }
    return [...opened].flatMap(([version, opens]) => (opens ? [] : [version])).sort((a, b) => a - b);
  }

  async #opens(ctx: RegionContext, id: KeyId, wrapped: { version: number; bytes: Buffer }): Promise<boolean | null> {
    try {
      (await this.provider.unwrap(ctx.region.code, wrapped, id)).fill(0);
      return true;
    } catch (error) {
      return isBranded(error) && error.code === 'vault.value_refused' ? false : null;
    }
  }
}

function another({ code }: Region, files: string): ResidencyError {
  return new ResidencyError(
    'residency.configuration_invalid',
    `The key folder of region ${code} holds another ${files} than its data was made with; restore the region's own from its backup.`,
  );
}
