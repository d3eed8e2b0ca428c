import { MillraceError, type Network } from '@millrace/contract';
import type { Afterwards } from '../auth/afterwards.ts';
import type { BetterAuth } from '../auth/better-auth.ts';
import { noteRefusal, noteSignIn } from '../auth/session-notes.ts';
import type { Sessions } from '../auth/sessions.ts';
import { countedVisit } from '../auth/sign-in.ts';
import { proofOf, random } from '../oauth2/proof.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import { tenantById } from '../postgres/queries/tenant-by-id.ts';
import { beginVisit, endVisit, tenantOfVisit, type Visit } from '../postgres/single-sign-on/visits.ts';
import { findTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import type { MasterKeys } from '../secrets/envelope.ts';
import { admit, hasLetAdminIn } from './admit.ts';
import { addressAt, type Vouched, vouchedFor } from './provider.ts';
import { type OpenedSingleSignOn, openedSingleSignOn } from './settings.ts';

/** How people come in by their tenant's own OpenID provider. */
export interface SingleSignOnDoor {
  /**
   * Sends a person to the provider of a tenant.
   * @param redirectUri where the provider sends the browser back to; registered there
   * @throws {MillraceError} `NOT_FOUND` alike where there is no such tenant and where it has no provider;
   *   `SINGLE_SIGN_ON_UNREACHABLE`, `SINGLE_SIGN_ON_REFUSED`, `SIGN_IN_TOO_OFTEN`
   */
  begin(slug: string, redirectUri: string, address: string | null): Promise<BegunVisit>;
  /**
   * Lets in who comes back; answers the `Set-Cookie` header. The session is for that tenant alone.
   * @throws {MillraceError} `SINGLE_SIGN_ON_STATE_UNKNOWN` where nobody is on the way so, or another browser is;
   *   `SINGLE_SIGN_ON_UNREACHABLE`, `SINGLE_SIGN_ON_REFUSED`, `EMAIL_NOT_VERIFIED`, `DOMAIN_NOT_ALLOWED`, `NOT_A_MEMBER`
   */
  finish(returned: Returned, address: string | null): Promise<string>;
  /** Has the provider of that issuer let an admin of the tenant in? */
  hasLetAdminIn(tenant: string, issuer: string): Promise<boolean>;
}

export interface BegunVisit {
  /** Where the person's browser is to go. */
  readonly url: string;
  /** What that browser must show when it comes back. */
  readonly browser: string;
}

export interface Returned {
  readonly state: string;
  /** Shown by the browser. */
  readonly browser: string;
  /** The query of the address that it came back to. */
  readonly search: string;
}

export interface DoorServices {
  readonly auth: BetterAuth;
  readonly database: Database;
  readonly masterKeys: MasterKeys;
  readonly network: Network;
  readonly sessions: Sessions;
  readonly afterwards: Afterwards;
}

/** A person needs no longer to sign in at the provider. */
const withinMs = 15 * 60_000;

export function openSingleSignOn(services: DoorServices): SingleSignOnDoor {
  const { auth, database, network, sessions, afterwards } = services;
  return {
    async begin(slug, redirectUri, address) {
      await countedVisit(database, address);
      const tenant = await database.asScanner((tx) => findTenant(tx, slug));
      const settings = tenant && (await openedSingleSignOn(services, tenant.id));
      if (!tenant || !settings) throw notThere();
      const [state, browser] = [random(), random()];
      const visit: Visit = { verifier: random(), nonce: random(), issuer: settings.issuer, redirectUri };
      const url = await addressAt(settings, visit, state, network);
      await database.asTenants([tenant.id], (tx) =>
        beginVisit(tx, tenant.id, visit, proofOf(state, browser), withinMs),
      );
      return { url, browser };
    },
    async finish(returned, address) {
      const { tenant, visit, settings } = await returnedVisit(services, returned);
      let vouched: Vouched | undefined;
      try {
        vouched = await vouchedFor(settings, visit, returned, network);
        const userId = await admit(services, { tenant, settings, vouched, address });
        const author: Author = { who: vouched.name, id: userId, by: 'person', address };
        await noteSignIn(database, author, tenant.id, 'single sign-on');
        return await sessions.start({ userId, organizationId: tenant.id, bySingleSignOn: true });
      } catch (thrown) {
        if (thrown instanceof MillraceError) {
          const refused = { email: vouched?.email ?? 'somebody', address, code: thrown.code };
          afterwards.do('noting a refusal', () => noteRefusal(database, [tenant.id], refused));
        }
        throw thrown;
      }
    },
    hasLetAdminIn: (tenant, issuer) => hasLetAdminIn(auth, tenant, issuer),
  };
}

interface ReturnedVisit {
  readonly tenant: Tenant;
  readonly visit: Visit;
  readonly settings: OpenedSingleSignOn;
}

/** The visit that somebody comes back from; it is over by that. */
async function returnedVisit(services: DoorServices, { state, browser }: Returned): Promise<ReturnedVisit> {
  const { database } = services;
  const proof = proofOf(state, browser);
  const id = await database.asScanner((tx) => tenantOfVisit(tx, proof.state));
  const visit = id && (await database.asTenants([id], (tx) => endVisit(tx, proof)));
  const tenant = id && (await database.asScanner((tx) => tenantById(tx, id)));
  const settings = id && (await openedSingleSignOn(services, id));
  // Whoever left for another provider than the tenant has now comes back to nothing.
  if (!tenant || !visit || !settings || settings.issuer !== visit.issuer) throw stateUnknown();
  return { tenant, visit, settings };
}

function notThere(): MillraceError {
  const message = 'There is no single sign-on under this name; ask an admin how members of your tenant sign in.';
  return new MillraceError('NOT_FOUND', message, { category: 'not-found' });
}

function stateUnknown(): MillraceError {
  const message =
    'Nobody is on the way to sign in so: it took too long, is done already, or was begun in another browser. Begin again.';
  return new MillraceError('SINGLE_SIGN_ON_STATE_UNKNOWN', message);
}
