import { type Contexts, type Region, ResidencyError } from '@domicile/residency';
import type { Clock, EventLog } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { Issuer } from './issuer.js';
import type { OidcClients } from './oidc-clients.js';
import { oidcKeys, type OidcKeysFolder } from './oidc-key-files.js';
import type { OidcRecords } from './oidc-records.js';
import { RecordAdapter } from './record-adapter.js';
import type { Subjects } from './subjects.js';
import { currentUnit } from './unit.js';

/** Signs the issuer's cookies; another one is another word, so that the label never changes in place. */
const COOKIE_INDEX = 'oidc.cookie';
const COOKIE_KEY_VERSION = 'v1';

/** What the issuers work with. */
export interface IssuersParts {
  readonly contexts: Contexts;
  readonly folders: readonly OidcKeysFolder[];
  readonly index: BlindIndex;
  readonly records: OidcRecords;
  readonly clients: OidcClients;
  readonly subjects: Subjects;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** The issuers of the regions served here, one for each; nothing is shared between two. */
export class Issuers {
  private constructor(private readonly issuers: ReadonlyMap<string, Issuer>) {}

  /** @throws ResidencyError residency.configuration_invalid when a region's OpenID key cannot be used */
  static async create(parts: IssuersParts): Promise<Issuers> {
    const made = new Map<string, Issuer>();
    for (const region of parts.contexts.served) made.set(region.code, await issuerOf(region, parts));
    return new Issuers(made);
  }

  /** @throws ResidencyError residency.crossing for a region not served here */
  of(region: Region): Issuer {
    const issuer = this.issuers.get(region.code);
    if (!issuer)
      throw new ResidencyError('residency.crossing', `This process holds no issuer of region ${region.code}.`);
    return issuer;
  }
}

function issuerOf(region: Region, parts: IssuersParts): Promise<Issuer> {
  const { contexts, folders, index, records, clients, subjects, clock, log } = parts;
  const folder = folders.find((each) => each.region === region.code);
  if (!folder)
    throw new ResidencyError('residency.configuration_invalid', `Region ${region.code} has no folder of keys.`);
  const keys = oidcKeys(folder);
  // The region's key is reached through a context alone; nothing is read of any database here.
  return contexts.run({ region, actor: { kind: 'job', name: 'issuer' } }, (ctx) =>
    Promise.resolve(
      new Issuer(
        region,
        {
          keys,
          cookieKey: index.of(ctx, COOKIE_INDEX, COOKIE_KEY_VERSION).toString('base64url'),
          subjects,
          adapter: (model) => new RecordAdapter(model, records, clients, clock),
          interactionId: (uid) => records.idOf(currentUnit(), 'Interaction', uid),
        },
        clients,
        log,
      ),
    ),
  );
}
