import { isResidencyError, type RegionContext, ResidencyError } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import { Problem, type Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import type { FactorChanges } from '../factors/factor-changes.js';
import type { FactorRepository } from '../factors/factor.repository.js';
import type { Person } from '../person.entity.js';
import type { ProvenSession, Sessions } from '../sessions.js';
import type { AddPasskey, PasskeyView } from './passkey.dto.js';
import type { Passkey } from './passkey.entity.js';
import type { PasskeyMaking } from './passkey-making.js';
import type { PasskeyCreationOptions } from './passkey-options.dto.js';
import { type PasskeyProofs, secretOf } from './passkey-proofs.js';
import { CREDENTIAL_KEY, type PasskeyId, type PasskeyRepository } from './passkey.repository.js';

/** Passkeys of one person at most. */
const PASSKEYS_MAX = 20;

/** What the passkeys of a person work with. */
export interface PasskeyParts {
  readonly vault: Vault;
  readonly sessions: Sessions;
  readonly making: PasskeyMaking;
  readonly proofs: PasskeyProofs;
  readonly passkeys: PasskeyRepository;
  readonly factors: FactorRepository;
  readonly changes: FactorChanges;
}

/** A person's own passkeys, for herself: 20 at most. */
export class Passkeys {
  constructor(private readonly parts: PasskeyParts) {}

  /** What the browser needs to make another passkey. @throws as {@link Sessions.authenticateFreshly} */
  async options(ctx: RegionContext): Promise<PasskeyCreationOptions> {
    const { sessions, making, proofs, factors } = this.parts;
    const { personId, sessionId } = await sessions.authenticateFreshly(ctx);
    const { sealed } = await factors.person(ctx, personId);
    return making.options(ctx, { kind: 'register', by: sessionId }, sealed, await proofs.descriptors(ctx, personId));
  }

  /**
   * Adds a passkey that was made in answer to {@link options} of the same session; every other session ends.
   * @param proven by {@link Sessions.authenticateFreshly}
   * @throws Problem passkey.invalid, passkey.known, passkey.too_many; as {@link FactorChanges.make}
   */
  async add(
    ctx: RegionContext,
    proven: ProvenSession,
    { passkey, label = null }: AddPasskey,
    keep: Keep<PasskeyView> = keptNowhere,
  ): Promise<PasskeyView> {
    const { vault, making, passkeys, factors, changes } = this.parts;
    const { personId, sessionId } = proven;
    const made = await making.made(ctx, { kind: 'register', by: sessionId }, passkey);
    const { sealed } = await factors.person(ctx, personId);
    const key = await vault.keyOf(ctx, sealed);
    const row = making.row(ctx, { personId, key, sealed }, made, label);
    try {
      return await changes.make(ctx, proven, 'passkey.added', async (tx) => {
        if ((await passkeys.of(tx, personId)).length >= PASSKEYS_MAX) throw refused('passkey.too_many');
        await passkeys.insert(tx, personId, row);
        const { createdAt } = await this.#own(tx, personId, row.passkeyId);
        const view = { id: row.passkeyId, label, createdAt, lastUsedAt: null };
        await keep(tx, view);
        return view;
      });
    } catch (error) {
      if (isResidencyError(error, 'residency.conflict') && error.constraint === CREDENTIAL_KEY)
        throw refused('passkey.known');
      throw error;
    }
  }

  /** Her passkeys, oldest first. @param personId whose session was proven */
  async of(ctx: RegionContext, personId: Person['id']): Promise<PasskeyView[]> {
    const rows = await this.parts.passkeys.of(ctx, personId);
    return Promise.all(rows.map((row) => this.#view(ctx, row)));
  }

  /** One of them, at the version of its row. @throws as {@link Sessions.authenticate}; ResidencyError residency.not_found */
  async get(ctx: RegionContext, id: PasskeyId): Promise<Versioned<PasskeyView>> {
    const { personId } = await this.parts.sessions.authenticate(ctx);
    const row = await this.#own(ctx, personId, id);
    return { version: row.version, view: await this.#view(ctx, row) };
  }

  /** Calls it something else, if its row is still at that version. @throws as {@link get}; ResidencyError residency.stale */
  async rename(
    ctx: RegionContext,
    id: PasskeyId,
    version: number,
    label: string | null,
  ): Promise<Versioned<PasskeyView>> {
    const { vault, passkeys } = this.parts;
    const { personId } = await this.parts.sessions.authenticate(ctx);
    const row = await this.#own(ctx, personId, id);
    // What was read is what is amended.
    if (row.version !== version) throw new ResidencyError('residency.stale');
    const changed = await passkeys.update(ctx, id, version, await vault.amend(ctx, secretOf(row), { label }));
    return { version: changed.version, view: await this.#view(ctx, changed) };
  }

  /** Removes it; every other session ends. @throws Problem factor.last; as {@link get} and {@link FactorChanges.make} */
  async remove(ctx: RegionContext, id: PasskeyId): Promise<void> {
    const { sessions, passkeys, factors, changes } = this.parts;
    const proven = await sessions.authenticateFreshly(ctx);
    await changes.make(ctx, proven, 'passkey.removed', async (tx) => {
      await this.#own(tx, proven.personId, id);
      const { hasPassword, passkeyCount } = await factors.of(tx, proven.personId);
      if (!hasPassword && passkeyCount === 1) throw refused('factor.last');
      await passkeys.erase(tx, id);
    });
  }

  /** Her passkey of that id; somebody else's looks like none. */
  async #own(ctx: RegionContext, personId: Person['id'], id: PasskeyId): Promise<Passkey> {
    const row = await this.parts.passkeys.find(ctx, id);
    if (row?.personId !== personId) throw new ResidencyError('residency.not_found');
    return row;
  }

  async #view(ctx: RegionContext, row: Passkey): Promise<PasskeyView> {
    const { label } = await this.parts.vault.open(ctx, secretOf(row));
    return { id: row.id, label, createdAt: row.createdAt, lastUsedAt: row.lastUsedAt };
  }
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}
