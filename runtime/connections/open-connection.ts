import { type Connection, type JsonObject, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { loadConnection } from '../postgres/connections/connections.ts';
import { openSecrets } from './stored-config.ts';

export interface OpenConnection extends Connection<JsonObject> {
  readonly type: string;
  readonly environment: string;
}

/**
 * A connection ready for use: its config with the secrets in it.
 * @throws {MillraceError} `CONNECTION_MISSING`, `SECRET_UNREADABLE`
 */
export async function openConnection(
  { database, masterKey, network }: Pick<Foundation, 'database' | 'masterKey' | 'network'>,
  tenant: string,
  id: string,
): Promise<OpenConnection> {
  const row = await database.asTenants([tenant], (tx) => loadConnection(tx, id));
  if (!row)
    throw new MillraceError('CONNECTION_MISSING', 'The connection that this step uses does not exist any more.', {
      category: 'auth',
    });
  const { name, type, environment, config, sealed } = row;
  return {
    id,
    name,
    type,
    environment,
    network,
    config: { ...config, ...openSecrets(sealed, { tenant, id }, masterKey) },
  };
}
