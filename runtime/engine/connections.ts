import { type Connection, isObject, type JsonObject, MillraceError } from '@millrace/contract';
import { loadConnection } from '../postgres/connections/connections.ts';
import { open } from '../secrets/envelope.ts';
import type { Foundation } from './engine.ts';

/**
 * A connection ready for use: its config with the secrets in it.
 * @throws {MillraceError} `CONNECTION_MISSING`, `SECRET_UNREADABLE`
 */
export async function openConnection(
  foundation: Pick<Foundation, 'database' | 'masterKey'>,
  tenant: string,
  id: string,
): Promise<Connection<JsonObject> & { type: string; environment: string }> {
  const row = await foundation.database.asTenants([tenant], (tx) => loadConnection(tx, id));
  if (!row)
    throw new MillraceError('CONNECTION_MISSING', 'The connection that this step uses does not exist any more.', {
      category: 'auth',
    });
  const secret = row.sealed ? open(row.sealed, ownerOf(tenant, id), foundation.masterKey) : {};
  const config = { ...row.config, ...(isObject(secret) && secret) };
  return { id, name: row.name, type: row.type, environment: row.environment, config };
}

/** What a connection's secret is bound to. */
export function ownerOf(tenant: string, connection: string): string {
  return `${tenant}/${connection}`;
}
