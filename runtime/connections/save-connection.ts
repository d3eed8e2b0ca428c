import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { findConnection } from '../postgres/connections/connections.ts';
import { specOf } from './known-connection.ts';
import { addConnection, replaceConnection } from './store-connection.ts';
import { checkConfig, sealConfig } from './stored-config.ts';

export interface NewConnection {
  /** Tenant's id. */
  readonly tenant: string;
  readonly environment: string;
  readonly name: string;
  readonly type: string;
  readonly config: JsonObject;
}

/**
 * Creates a connection that is made for its use (a type's default, a stand-in, one that is named on the command line), or
 * replaces the one of that name in the environment. Flows use it at once. Its secrets are sealed. Answers its id.
 * @throws {MillraceError} `CONNECTION_TYPE_UNKNOWN`, `CONNECTION_QUOTA`, or `CONNECTION_INVALID` with every problem of the config
 */
export async function saveConnectionOf(
  { database, catalogue, masterKeys }: Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'network'>,
  { tenant, environment, name, type, config }: NewConnection,
): Promise<string> {
  const spec = specOf({ catalogue }, type);
  const checked = checkConfig(config, spec);
  const provedAt = await database.now();
  return database.asTenants([tenant], async (tx) => {
    const present = await findConnection(tx, environment, name);
    const id = present?.id ?? randomUUID();
    const stored = sealConfig(checked, spec, { tenant, id }, masterKeys);
    const store = present ? replaceConnection : addConnection;
    await store(tx, { id, tenant, environment, name, type, provedAt, ...stored });
    return id;
  });
}
