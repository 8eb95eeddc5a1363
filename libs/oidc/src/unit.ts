import { AsyncLocalStorage } from 'node:async_hooks';
import { type RegionContext, ResidencyError } from '@domicile/residency';

const units = new AsyncLocalStorage<RegionContext>();

/**
 * Carries the context through oidc-provider, whose adapters and callbacks take none: the only ambient one there is, set by the issuer
 * around each call of the provider and narrower than the unit of work that it comes from.
 */
export function withinUnit<T>(ctx: RegionContext, work: () => Promise<T>): Promise<T> {
  return units.run(ctx, work);
}

/** The context of the call under way. @throws ResidencyError residency.context_missing outside of {@link withinUnit} */
export function currentUnit(): RegionContext {
  const ctx = units.getStore();
  if (!ctx)
    throw new ResidencyError('residency.context_missing', 'The OpenID provider was called outside of a unit of work.');
  return ctx;
}
