import { randomUUID } from 'node:crypto';
import { type JsonObject, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { findConnection, saveConnection } from '../postgres/connections/connections.ts';
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
 * Creates a connection, or replaces the one of that name in the environment; its secrets are sealed. Answers its id.
 * @throws {MillraceError} `CONNECTION_TYPE_UNKNOWN`, or `CONNECTION_INVALID` with every problem of the config
 */
export async function saveConnectionOf(
  { database, catalogue, masterKey }: Pick<Foundation, 'database' | 'catalogue' | 'masterKey' | 'network'>,
  { tenant, environment, name, type, config }: NewConnection,
): Promise<string> {
  const spec = catalogue.connections.get(type);
  if (!spec)
    throw new MillraceError('CONNECTION_TYPE_UNKNOWN', `There is no connection type “${type}”.`, { pointer: '/type' });
  const checked = checkConfig(config, spec);
  return database.asTenants([tenant], async (tx) => {
    const id = (await findConnection(tx, environment, name))?.id ?? randomUUID();
    const stored = sealConfig(checked, spec, { tenant, id }, masterKey);
    await saveConnection(tx, { id, tenant, environment, name, type, ...stored });
    return id;
  });
}
