import { type Connection, type JsonObject, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { freshGrant, grantOwner } from '../oauth2/access-token.ts';
import { type ConnectionRow, loadConnection } from '../postgres/connections/connections.ts';
import type { Hide } from '../secrets/hide-known.ts';
import type { UsedConnection } from './health.ts';
import { openedSecrets } from './opened-secrets.ts';
import { ownerOf } from './stored-config.ts';

export interface OpenConnection extends Connection<JsonObject>, UsedConnection {
  readonly type: string;
  readonly environment: string;
  /** For all that its use brings: other systems repeat in their answers and errors how one logged in. */
  readonly hide: Hide;
}

export type OpeningServices = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'network' | 'health'>;

/**
 * A connection ready for use: its config with the secrets in it. Where it cannot be opened, its health says so.
 * @throws {MillraceError} `CONNECTION_MISSING`, `SECRET_UNREADABLE`, `MASTER_KEY_UNKNOWN`, and those of `freshGrant`
 */
export async function openConnection(services: OpeningServices, tenant: string, id: string): Promise<OpenConnection> {
  const row = await services.database.asTenants([tenant], (tx) => loadConnection(tx, id));
  if (!row)
    throw new MillraceError('CONNECTION_MISSING', 'The connection that this step uses does not exist any more.', {
      category: 'auth',
    });
  try {
    return await openRow(services, row);
  } catch (error) {
    // What goes wrong before the secrets are open cannot hold them, and what asks for tokens repeats nothing.
    if (error instanceof MillraceError) services.health.failed({ tenant, id, hide: (value) => value }, error);
    throw error;
  }
}

/** @throws {MillraceError} as {@link openConnection} does, of a connection that is there */
export async function openRow(
  services: Omit<OpeningServices, 'health'>,
  { tenant, id, name, type, environment, config: visible, sealed }: ConnectionRow,
): Promise<OpenConnection> {
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
