import { randomBytes } from 'node:crypto';
import { renderSVG } from 'uqr';
import { type Door, type IdCodec, type RegionContext, ResidencyError } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import { type Clock, ID_PREFIXES, Problem } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import type { FactorChanges } from '../factors/factor-changes.js';
import type { FactorRepository } from '../factors/factor.repository.js';
import { assertPersonMayChange } from '../life-cycle.js';
import type { Person } from '../person.entity.js';
import type { ProvenSession, Sessions } from '../sessions.js';
import { base32, fromBase32, matchingStep, TOTP } from './time-code.js';
import type { TotpOffer } from './totp.dto.js';
import { type Totp, TOTP_SECRET } from './totp.entity.js';
import type { TotpRepository } from './totp.repository.js';

/** Length of a secret: that of the hash (RFC 4226 section 4, requirement 6). */
const SECRET_BYTES = 20;
/** Purpose of the keyed hash that the id of a person's authenticator app is derived from. */
const INDEX = 'totp.person';

/** What an authenticator app works with. */
export interface AuthenticatorAppParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly sessions: Sessions;
  readonly totps: TotpRepository;
  readonly factors: FactorRepository;
  readonly changes: FactorChanges;
}

/** A person's authenticator app, which shows codes that go with the time (RFC 6238). */
export class AuthenticatorApp {
  constructor(private readonly parts: AuthenticatorAppParts) {}

  /**
   * A new secret for her app. It counts once it is confirmed; until then another call replaces it.
   * @param proven by {@link Sessions.authenticateFreshly}
   * @throws Problem totp.present, person.restricted, person.closing
   */
  async offer(
    ctx: RegionContext,
    { personId }: ProvenSession,
    keep: Keep<TotpOffer> = keptNowhere,
  ): Promise<TotpOffer> {
    const { door, clock, vault, totps, factors } = this.parts;
    const person = await factors.person(ctx, personId);
    assertPersonMayChange(person.status);
    const id = this.#id(ctx, personId);
    const secret = base32(randomBytes(SECRET_BYTES));
    const place = { subject: personId, row: id, set: TOTP_SECRET };
    const sealed = vault.seal(ctx, await vault.keyOf(ctx, person.sealed), place, { secret });
    const uri = uriOf(ctx.region.name, personId, secret);
    const offer = { secret, uri, qrCode: renderSVG(uri) };
    await door.transaction(ctx, async (tx) => {
      if (!(await totps.offer(tx, { id, personId, sealed }, clock.now()))) throw refused('totp.present');
      await keep(tx, offer);
    });
    return offer;
  }

  /**
   * Makes the offered secret a factor, for who shows that the app has it; every other session ends.
   * @throws as {@link Sessions.authenticateFreshly} and {@link FactorChanges.make}; Problem totp.code_wrong, totp.present;
   *   ResidencyError residency.not_found when nothing was offered
   */
  async confirm(ctx: RegionContext, code: string): Promise<void> {
    const { clock, sessions, totps, changes } = this.parts;
    const proven = await sessions.authenticateFreshly(ctx);
    const totp = await totps.find(ctx, this.#id(ctx, proven.personId));
    if (!totp) throw new ResidencyError('residency.not_found');
    if (totp.confirmedAt !== null) throw refused('totp.present');
    const step = await this.#matching(ctx, totp, code);
    if (step === null) throw refused('totp.code_wrong');
    await changes.make(ctx, proven, 'totp.added', async (tx) => {
      if (!(await totps.confirm(tx, totp, step, clock.now()))) throw refused('totp.code_wrong');
    });
  }

  /** Takes the app away, confirmed or only offered; every other session ends. @throws as {@link confirm}, residency.not_found */
  async remove(ctx: RegionContext): Promise<void> {
    const { sessions, totps, changes } = this.parts;
    const proven = await sessions.authenticateFreshly(ctx);
    await changes.make(ctx, proven, 'totp.removed', async (tx) => {
      if (!(await totps.erase(tx, this.#id(tx, proven.personId)))) throw new ResidencyError('residency.not_found');
    });
  }

  /** Uses a code up. @returns false when it is not hers, not of now, or was used before: of many at once one is right */
  async use(ctx: RegionContext, personId: Person['id'], code: string): Promise<boolean> {
    const totp = await this.parts.totps.find(ctx, this.#id(ctx, personId));
    if (!totp) return false;
    const step = await this.#matching(ctx, totp, code);
    return step !== null && (await this.parts.totps.advance(ctx, totp.id, step));
  }

  async #matching(ctx: RegionContext, { id, personId, sealed }: Totp, code: string): Promise<number | null> {
    const place = { subject: personId, row: id, set: TOTP_SECRET, sealed };
    const { secret } = await this.parts.vault.open(ctx, place);
    return matchingStep(fromBase32(secret), code, this.parts.clock.now());
  }

  #id(ctx: RegionContext, personId: Person['id']): Totp['id'] {
    return this.parts.ids.derive(ID_PREFIXES.totp, ctx.region, this.parts.blindIndex.of(ctx, INDEX, personId));
  }
}

/**
 * The key URI that apps read. Whoever makes the app may keep what it says outside of the region, so it names the region and the end of
 * an id, and no address.
 */
function uriOf(regionName: string, personId: Person['id'], secret: string): string {
  const issuer = `Domicile ${regionName}`.replaceAll(':', ' ');
  const label = `${encodeURIComponent(issuer)}:${personId.slice(-6)}`;
  const { algorithm, digits, periodSeconds } = TOTP;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=${algorithm}&digits=${digits}&period=${periodSeconds}`;
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}
