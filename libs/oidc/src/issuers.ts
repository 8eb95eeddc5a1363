import { type Contexts, type Region, ResidencyError } from '@domicile/residency';
import type { Clock, EventLog } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import type { Issuer } from './issuer.js';
import type { OidcClients } from './oidc-clients.js';
import { oidcKeys, type OidcKeysFolder } from './oidc-key-files.js';
import type { OidcConsents } from './oidc-consents.js';
import type { OidcRecords } from './oidc-records.js';
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
  readonly consents: OidcConsents;
  readonly subjects: Subjects;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Makes the issuer of one region. */
type Make = () => Promise<Issuer>;

/** The issuers of the regions served here, one for each; nothing is shared between two. */
export class Issuers {
  readonly #made = new Map<string, Promise<Issuer>>();

  private constructor(private readonly makes: ReadonlyMap<string, Make>) {}

  /** Reads the keys of every region served here. @throws ResidencyError residency.configuration_invalid when one cannot be used */
  static async create(parts: IssuersParts): Promise<Issuers> {
    const makes = new Map<string, Make>();
    for (const region of parts.contexts.served) makes.set(region.code, await prepared(region, parts));
    return new Issuers(makes);
  }

  /** Made at its first request: the provider is a third of a second that no other start pays for. @throws ResidencyError residency.crossing for a region not served here */
  of({ code }: Region): Promise<Issuer> {
    const make = this.makes.get(code);
    if (!make) throw new ResidencyError('residency.crossing', `This process holds no issuer of region ${code}.`);
    let issuer = this.#made.get(code);
    if (!issuer) this.#made.set(code, (issuer = make()));
    return issuer;
  }
}

function prepared(region: Region, parts: IssuersParts): Promise<Make> {
  const { contexts, folders, index, records, clients, consents, subjects, clock, log } = parts;
  const folder = folders.find((each) => each.region === region.code);
  if (!folder)
    throw new ResidencyError('residency.configuration_invalid', `Region ${region.code} has no folder of keys.`);
  const keys = oidcKeys(folder);
  // The region's key is reached through a context alone; nothing is read of any database here.
  return contexts.run({ region, actor: { kind: 'job', name: 'issuer' } }, (ctx) => {
    const cookieKey = index.of(ctx, COOKIE_INDEX, COOKIE_KEY_VERSION).toString('base64url');
    return Promise.resolve(async () => {
      const [{ Issuer }, { RecordAdapter }] = await Promise.all([import('./issuer.js'), import('./record-adapter.js')]);
      return new Issuer(
        region,
        {
          keys,
          cookieKey,
          subjects,
          adapter: (model) => new RecordAdapter(model, records, clients, consents, clock),
          interactionId: (uid) => records.idOf(currentUnit(), 'Interaction', uid),
        },
        clients,
        log,
      );
    });
  });
}
