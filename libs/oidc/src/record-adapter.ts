import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Clock } from '@domicile/runtime';
import type { OidcClients } from './oidc-clients.js';
import type { OidcConsents } from './oidc-consents.js';
import type { OidcRecords } from './oidc-records.js';
import { currentUnit } from './unit.js';

/** The way from a session's public uid, which its tokens carry, to its secret id. */
const SESSION_UID = 'SessionUid';

/**
 * oidc-provider's memory of one model, in the region of the unit of work under way. Clients come from the register and are read only;
 * what no feature of ours uses (device flow, dynamic registration) finds nothing.
 */
export class RecordAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly records: OidcRecords,
    private readonly clients: OidcClients,
    private readonly consents: OidcConsents,
    private readonly clock: Clock,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn = 0): Promise<void> {
    const ctx = currentUnit();
    const expiresAt = new Date(this.clock.now().getTime() + expiresIn * 1000);
    // A grant goes with itself, so that it goes with what was given on its strength.
    const grantId = this.model === 'Grant' ? id : payload.grantId;
    const { accountId, clientId } = payload;
    const isAgreed = accountId !== undefined && clientId !== undefined;
    const consentId = isAgreed ? this.consents.idOf(ctx, accountId, clientId) : undefined;
    await this.records.put(ctx, this.model, id, { payload, grantId, consentId, expiresAt });
    if (this.model === 'AccessToken' && consentId !== undefined) await this.consents.used(ctx, consentId);
    if (this.model === 'Session' && payload.uid !== undefined)
      await this.records.put(ctx, SESSION_UID, payload.uid, { payload: { id }, expiresAt });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const ctx = currentUnit();
    if (this.model === 'Client') return this.clients.metadata(ctx, id);
    const found = await this.records.find<AdapterPayload>(ctx, this.model, id);
    if (!found) return undefined;
    const { payload, consumedAt } = found;
    return consumedAt ? { ...payload, consumed: Math.floor(consumedAt.getTime() / 1000) } : payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const way = await this.records.find<{ id: string }>(currentUnit(), SESSION_UID, uid);
    return way ? this.find(way.payload.id) : undefined;
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Of many at once one goes on; for the others it is a replay, which ends the grant (RFC 9700 section 2.2.2 and 4.14.2). */
  async consume(id: string): Promise<void> {
    const ctx = currentUnit();
    if (await this.records.consume(ctx, this.model, id)) return;
    const found = await this.records.find<AdapterPayload>(ctx, this.model, id);
    if (found?.payload.grantId !== undefined) await this.records.eraseOfGrant(ctx, found.payload.grantId);
    throw new errors.InvalidGrant('used up already');
  }

  async destroy(id: string): Promise<void> {
    await this.records.erase(currentUnit(), this.model, id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.records.eraseOfGrant(currentUnit(), grantId);
  }
}
