import { type Connection, type JsonObject, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { loadConnection } from '../postgres/connections/connections.ts';
import type { Hide } from '../secrets/hide-known.ts';
import { openedSecrets } from './opened-secrets.ts';

export interface OpenConnection extends Connection<JsonObject> {
  readonly type: string;
  readonly environment: string;
  /** For all that its use brings: other systems repeat in their answers and errors how one logged in. */
  readonly hide: Hide;
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
  const { secrets, hide } = openedSecrets(sealed, { tenant, id }, masterKey);
  return {
    id,
    name,
    type,
    environment,
    network,
    config: { ...config, ...secrets },
    hide,
  };
}
