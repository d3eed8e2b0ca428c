import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@millrace/contract';
import { MillraceError } from '@millrace/contract';
import { Value } from 'typebox/value';
import { ownerOf } from '../engine/connections.ts';
import type { Foundation } from '../engine/engine.ts';
import { findConnection, saveConnection } from '../postgres/connections/connections.ts';
import { seal } from '../secrets/envelope.ts';
import { splitSecrets } from '../secrets/split.ts';

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
  { database, catalogue, masterKey }: Pick<Foundation, 'database' | 'catalogue' | 'masterKey'>,
  { tenant, environment, name, type, config }: NewConnection,
): Promise<string> {
  const spec = catalogue.connections.get(type);
  if (!spec)
    throw new MillraceError('CONNECTION_TYPE_UNKNOWN', `There is no connection type “${type}”.`, { pointer: '/type' });
  const problems = Value.Errors(spec.config, config).map(({ keyword, instancePath, message }) => ({
    code: keyword.toUpperCase(),
    pointer: `/config${instancePath}`,
    message,
  }));
  if (problems.length > 0)
    throw new MillraceError('CONNECTION_INVALID', `The connection “${name}” is not complete.`, { problems });
  const { open, secret } = splitSecrets(config, spec.config);
  return database.asTenants([tenant], async (tx) => {
    const id = (await findConnection(tx, environment, name))?.id ?? randomUUID();
    const sealed = secret ? seal(secret, ownerOf(tenant, id), masterKey) : null;
    await saveConnection(tx, { id, tenant, environment, name, type, config: open, sealed });
    return id;
  });
}
