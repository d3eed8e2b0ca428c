import { API_KEY_TABLE_NAME } from '@better-auth/api-key';
import { MillraceError } from '@millrace/contract';
import { type Author, theInstance } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { BetterAuth } from './better-auth.ts';
import { noted } from './noted.ts';
import { type KeyScope, permissionsOf, type Rights, rightsOf } from './rights.ts';
import { ensureAccount, operator } from './tenant-accounts.ts';

export interface NewKey {
  /** What it is for. */
  readonly name: string;
  readonly scope: KeyScope;
  /** After so many days it opens nothing any more; from 1 to 365. Without it, it holds until it is revoked. */
  readonly days?: number | undefined;
}

/** A key as it may be shown. */
export interface ShownKey {
  readonly id: string;
  readonly name: string;
  /** Its first characters. */
  readonly start: string | null;
  readonly rights: Rights;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** API keys of tenants. */
export interface Keys {
  /** A new key of the tenant; it is shown this once and stored hashed. */
  create(tenant: Tenant, key: NewKey, author?: Author): Promise<string>;
  /** Newest first. */
  list(tenant: Tenant): Promise<ShownKey[]>;
  /** From now on it opens nothing, here; in other processes within seconds. @throws {MillraceError} `NOT_FOUND` */
  revoke(tenant: Tenant, id: string, author: Author): Promise<void>;
}

interface StoredKey extends Omit<ShownKey, 'rights' | 'lastUsedAt'> {
  readonly permissions: string | null;
  readonly lastRequest: Date | null;
}

/** Seconds. */
const day = 24 * 3600;

/** @param forget is called when something opens nothing any more */
export function openKeys(auth: BetterAuth, database: Database, forget: () => void): Keys {
  return {
    async create(tenant, { name, scope, days }, author = theInstance) {
      const userId = await ensureAccount(auth, tenant, operator);
      const body = { name, userId, organizationId: tenant.id, permissions: permissionsOf(scope) };
      const expiry = days === undefined ? {} : { expiresIn: days * day };
      const change = {
        tenant: tenant.id,
        action: 'keys.edit',
        target: 'keys',
        after: { name, ...scope, days },
      } as const;
      const make = () => auth.api.createApiKey({ body: { ...body, ...expiry } });
      return (await noted(database, author, change, make)).key;
    },
    async list(tenant) {
      const stored = await storedKeys(auth, tenant);
      return stored.map(shown).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    },
    async revoke(tenant, id, author) {
      const found = (await storedKeys(auth, tenant)).find((key) => key.id === id);
      if (!found) throw new MillraceError('NOT_FOUND', 'This key does not exist.', { category: 'not-found' });
      const { name, rights } = shown(found);
      const change = {
        tenant: tenant.id,
        action: 'keys.edit',
        target: `keys/${id}`,
        before: { name, ...rights },
      } as const;
      const { adapter } = await auth.$context;
      const where = [{ field: 'id', value: id }];
      await noted(database, author, change, () => adapter.delete({ model: API_KEY_TABLE_NAME, where }));
      forget();
    },
  };
}

async function storedKeys(auth: BetterAuth, { id }: Tenant): Promise<StoredKey[]> {
  const { adapter } = await auth.$context;
  const where = [{ field: 'referenceId', value: id }];
  return adapter.findMany<StoredKey>({ model: API_KEY_TABLE_NAME, where, limit: 10_000 });
}

function shown({ id, name, start, permissions, createdAt, expiresAt, lastRequest }: StoredKey): ShownKey {
  const rights = rightsOf(permissions === null ? null : (JSON.parse(permissions) as Record<string, string[]>));
  return { id, name, start, rights, createdAt, expiresAt, lastUsedAt: lastRequest };
}
