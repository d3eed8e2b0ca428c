import { MillraceError } from '@millrace/contract';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import { listHosts } from '../postgres/processes/list-hosts.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';
import { tenantById } from '../postgres/queries/tenant-by-id.ts';
import { giveUpSecret, type LostSecret, sealedUnder } from '../postgres/secrets/lost-secrets.ts';

/** A secret that goes with a master key, and whose it is. */
export interface LostTenantSecret {
  readonly tenant: { readonly id: string; readonly slug: string };
  readonly secret: LostSecret;
}

/** All that is sealed under a master key, of all tenants. */
export async function secretsUnder(database: Database, keyId: string): Promise<LostTenantSecret[]> {
  const found: LostTenantSecret[] = [];
  for (const id of (await listTenants(database)).flat()) {
    const secrets = await database.asTenants([id], (tx) => sealedUnder(tx, keyId));
    if (secrets.length === 0) continue;
    const tenant = await database.asScanner((tx) => tenantById(tx, id));
    found.push(...secrets.map((secret) => ({ tenant: { id, slug: tenant?.slug ?? id }, secret })));
  }
  return found;
}

/** Gives up all that is sealed under a master key, tenant by tenant; one that was interrupted goes on when it is begun again. */
export async function giveUpSecrets(database: Database, author: Author, keyId: string): Promise<void> {
  for (const id of (await listTenants(database)).flat())
    await database.by(author).asTenants([id], async (tx) => {
      for (const secret of await sealedUnder(tx, keyId)) await giveUpSecret(tx, id, secret, keyId);
    });
}

/** What opens is not given up. @throws {MillraceError} `MASTER_KEY_PRESENT` */
export function requireAbsent(keyId: string, known: readonly string[]): void {
  if (!known.includes(keyId)) return;
  throw new MillraceError('MASTER_KEY_PRESENT', `The master key “${keyId}” is here, and what is under it opens.`);
}

/** A process that works may have a key still that is found nowhere else. @throws {MillraceError} `INSTANCE_RUNS` */
export async function requireAtRest(database: Database): Promise<void> {
  const hosts = await database.asScanner(listHosts);
  if (hosts.length === 0) return;
  throw new MillraceError(
    'INSTANCE_RUNS',
    `Processes on ${hosts.join(', ')} use this database, and may have the key still; stop them first (one that has died counts for 15 s).`,
  );
}
