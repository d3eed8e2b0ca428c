import type { Author } from '../postgres/audit/author.ts';
import { type NotedChange, noteChange } from '../postgres/audit/note-change.ts';
import type { Database } from '../postgres/database.ts';
import { joining } from './accounts-dialect.ts';

/**
 * Changes accounts, by better-auth, with an entry in the tenant's audit, in one transaction. The entry is written first, so that
 * changes of one tenant are made one after the other.
 */
export function noted<T>(database: Database, author: Author, change: NotedChange, make: () => Promise<T>): Promise<T> {
  return database.by(author).asTenants([change.tenant], async (tx) => {
    await noteChange(tx, change);
    return joining(tx, make);
  });
}

/** The same, with the entry in each of several tenants, or in none. */
export function notedInEach<T>(
  database: Database,
  author: Author,
  tenants: readonly string[],
  change: Omit<NotedChange, 'tenant'>,
  make: () => Promise<T>,
): Promise<T> {
  // Of whoever belongs to no tenant no audit tells.
  const named = tenants.length === 0 ? database.byItself() : database.by(author);
  return named.asTenants(tenants, async (tx) => {
    // Always in the same order, so that two changes do not wait for each other.
    for (const tenant of [...tenants].sort()) await noteChange(tx, { tenant, ...change });
    return joining(tx, make);
  });
}
