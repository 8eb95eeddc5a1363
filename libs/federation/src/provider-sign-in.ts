import {
  ADDRESS_INDEX,
  mayAct,
  normaliseEmail,
  type Person,
  type SecurityLog,
  type SessionStart,
  type SignedInSession,
  type Whence,
} from '@domicile/accounts';
import { type Keep, keptNowhere } from '@domicile/requests';
import {
  type AccountId,
  credentialRefused,
  type Door,
  type IdCodec,
  type RegionContext,
  type SecretCodec,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, isBranded, SECRET_PREFIXES } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import type { DomainRepository } from './domain.repository.js';
import type { Domains } from './domains.js';
import type { ProviderSignInBegun } from './federation.dto.js';
import { refused } from './federation-errors.js';
import type { OwnProviders } from './own-providers.js';
import type { Challenge, KnownProvider, ProviderAnswer, ProviderClient } from './provider-client.js';
import type { ProviderSignInId, ProviderSignInRepository } from './provider-sign-in.repository.js';

/** How long somebody has at the provider. */
const TTL_MILLISECONDS = 10 * 60 * 1000;
const SUBJECT_LENGTH_MAX = 255;
/** Purposes of what a sign-in sends along, made from its id under the region's key: nothing secret of it is stored. */
const NONCE = 'provider_sign_in.nonce';
const VERIFIER = 'provider_sign_in.verifier';
/** Purpose of the blind index of who somebody is at a provider. */
const SUBJECT = 'membership.provider_subject';

/** What such sign-ins work with. */
export interface ProviderSignInParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly secrets: SecretCodec;
  readonly clock: Clock;
  readonly index: BlindIndex;
  readonly rows: ProviderSignInRepository;
  readonly domains: Domains;
  readonly ways: DomainRepository;
  readonly providers: OwnProviders;
  readonly client: ProviderClient;
  readonly start: SessionStart;
  readonly log: SecurityLog;
}

/** Who a provider says has come back. */
interface Arrived {
  readonly address: string;
  readonly subject: Buffer;
}

/**
 * Signing in with the provider of an account that one belongs to already. The provider speaks for that account alone: see
 * `assertPolicy` for what its word opens, and decision 039 for why.
 */
export class ProviderSignIn {
  constructor(private readonly parts: ProviderSignInParts) {}

  /**
   * Begins one: for everybody whose address has a verified domain of an account with a provider, whether or not there is such a person.
   * @param email has a normal form @throws Problem provider.none, provider.away
   */
  async begin(
    ctx: RegionContext,
    email: string,
    keep: Keep<ProviderSignInBegun> = keptNowhere,
  ): Promise<ProviderSignInBegun> {
    const { door, ids, secrets, clock, rows, ways, domains, providers, client } = this.parts;
    const way = await ways.way(ctx, domains.keyOf(ctx, domainOf(normaliseEmail(email) ?? '')));
    const provider = way && (await providers.ofAccount(ctx, way.accountId));
    if (!provider) throw refused('provider.none');
    const id = ids.mint(ID_PREFIXES.providerSignIn, ctx.region);
    const { text: token, hash: secretHash } = secrets.mint(SECRET_PREFIXES.providerSignIn, ctx.region, id);
    const expiresAt = new Date(clock.now().getTime() + TTL_MILLISECONDS);
    const continueAt = await client.authorizationUrl(ctx, provider, this.#challenge(ctx, id));
    const answer = { signIn: { id, token, expiresAt }, continueAt };
    await door.transaction(ctx, async (tx) => {
      await rows.insert(tx, { id, accountId: way.accountId, providerId: provider.id, secretHash, expiresAt });
      await keep(tx, answer);
    });
    return answer;
  }

  /**
   * Finishes one, with what the browser that began it brought back: once, whatever comes of it.
   * @throws ResidencyError residency.secret_invalid (none, over, used up, another browser's); Problem provider.refused, the same
   *   whatever is wrong with who came; provider.away
   */
  async complete(
    ctx: RegionContext,
    id: ProviderSignInId,
    answer: ProviderAnswer,
    keep?: Keep<SignedInSession>,
  ): Promise<SignedInSession> {
    const { rows, clock, providers, client } = this.parts;
    const { actor } = ctx;
    if (actor.kind !== 'bearer' || actor.secret.prefix !== SECRET_PREFIXES.providerSignIn || actor.secret.id !== id)
      throw credentialRefused();
    const begun = await rows.take(ctx, id, actor.secret.hash, clock.now());
    if (!begun) throw credentialRefused();
    const provider = await providers.ofAccount(ctx, begun.accountId);
    // It was set to another one meanwhile, or to none.
    if (provider?.id !== begun.providerId) throw refused('provider.refused');
    const claims = await client.claims(ctx, provider, this.#challenge(ctx, id), answer);
    const arrived = await this.#arrived(ctx, begun.accountId, provider, claims);
    return this.#start(ctx, begun.accountId, provider, arrived, keep);
  }

  /** Removes sign-ins that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.parts.rows.eraseOver(ctx, before, limit);
  }

  /** The provider is believed for the account's verified domains, and for nobody else's addresses. */
  async #arrived(
    ctx: RegionContext,
    accountId: AccountId,
    provider: KnownProvider,
    { sub, email, email_verified: isVerified }: Readonly<Record<string, unknown>>,
  ): Promise<Arrived> {
    const { ways, domains, index } = this.parts;
    const address = typeof email === 'string' ? normaliseEmail(email) : null;
    if (address === null || isVerified === false || isVerified === 'false') throw refused('provider.refused');
    if (typeof sub !== 'string' || sub === '' || sub.length > SUBJECT_LENGTH_MAX) throw refused('provider.refused');
    const way = await ways.way(ctx, domains.keyOf(ctx, domainOf(address)));
    if (way?.accountId !== accountId) throw refused('provider.refused');
    return { address, subject: index.of(ctx, SUBJECT, `${provider.id} ${sub}`) };
  }

  async #start(
    ctx: RegionContext,
    accountId: AccountId,
    provider: KnownProvider,
    { address, subject }: Arrived,
    keep?: Keep<SignedInSession>,
  ): Promise<SignedInSession> {
    const { rows, index, start, log } = this.parts;
    const account = ctx.account(accountId);
    const known = await rows.bySubject(account, provider.id, subject);
    const person = known ?? (await rows.byAddress(account, index.of(ctx, ADDRESS_INDEX, address)));
    if (!person || !mayAct(person.personStatus)) throw refused('provider.refused');
    const { personId, sealed } = person;
    // She has come as somebody else before: her address is another one's there by now.
    if (!known && person.providerId === provider.id) {
      await log.tell(ctx, { kind: 'sign_in.refused', personId, from: await log.whence(ctx, { personId }) });
      throw refused('provider.refused');
    }
    const arrival = { personId, sealed, factors: ['own_provider'] as const, providerId: provider.id };
    const from = known ? null : await log.whence(ctx, { personId, account: provider.sealed });
    const first = from
      ? (tx: RegionContext): Promise<void> => this.#link(tx, accountId, provider, { personId, subject, from })
      : undefined;
    return start.begin(ctx, arrival, { keep, first });
  }

  async #link(
    tx: RegionContext,
    accountId: AccountId,
    provider: KnownProvider,
    { personId, subject, from }: { readonly personId: Person['id']; readonly subject: Buffer; readonly from: Whence },
  ): Promise<void> {
    const { rows, log } = this.parts;
    const account = tx.account(accountId);
    const isLinked = await rows.link(account, personId, provider.id, subject).catch((error: unknown) => {
      if (isBranded(error) && error.code === 'residency.conflict') return false;
      throw error;
    });
    if (!isLinked) throw refused('provider.refused');
    await log.tell(tx, { kind: 'provider.linked', personId, from });
    await log.tellAccount(account, { kind: 'provider.linked', actorId: personId, subjectId: personId, from });
  }

  #challenge(ctx: RegionContext, id: ProviderSignInId): Challenge {
    const { index } = this.parts;
    const [nonce, verifier] = [NONCE, VERIFIER].map((purpose) => index.of(ctx, purpose, id).toString('base64url'));
    return { state: id, nonce: nonce!, verifier: verifier! };
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
