import type { Connection, JsonObject } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { freshGrant, grantOwner } from '../oauth2/access-token.ts';
import type { ConnectionRow } from '../postgres/connections/connections.ts';
import type { Hide } from '../secrets/hide-known.ts';
import type { UsedConnection } from './health.ts';
import { openedSecrets } from './opened-secrets.ts';
import { secretsNeeded } from './secrets-needed.ts';
import { ownerOf } from './stored-config.ts';

export interface OpenConnection extends Connection<JsonObject>, UsedConnection {
  readonly type: string;
  readonly environment: string;
  /** For all that its use brings: other systems repeat in their answers and errors how one logged in. */
  readonly hide: Hide;
}

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'network'>;

/**
 * A connection as it is stored, with its secrets and, where it logs in so, a valid token; whether flows may use it is not asked.
 * @throws {MillraceError} `CONNECTION_SECRET_NEEDED`, `SECRET_UNREADABLE`, `MASTER_KEY_UNKNOWN`, and those of `freshGrant`
 */
export async function openRow(services: Services, row: ConnectionRow): Promise<OpenConnection> {
  const { tenant, id, name, type, environment, config: visible, sealed, lostKey } = row;
  if (lostKey !== null) throw secretsNeeded(row);
  const { catalogue, masterKeys, network } = services;
  const { secrets, hide } = openedSecrets(sealed, ownerOf({ tenant, id }), masterKeys);
  const config = { ...visible, ...secrets };
  const opened = { tenant, id, name, type, environment, network };
  const login = catalogue.connections.get(type)?.oauth2?.(config);
  if (!login) return { ...opened, config, hide };
  const grant = await freshGrant(services, { tenant, id }, login).catch((error: unknown) =>
    Promise.reject(hide(error)),
  );
  const tokens = openedSecrets(grant, grantOwner({ tenant, id }), masterKeys);
  return {
    ...opened,
    config: { ...config, accessToken: tokens.secrets.accessToken as string },
    hide: (value) => tokens.hide(hide(value)),
  };
}
