import { randomUUID } from 'node:crypto';
import type { ConnectionSpec, JsonObject } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { type ConnectionRow, lockConnection } from '../postgres/connections/connections.ts';
import { dropGrant } from '../postgres/oauth2/grants.ts';
import { connectionMissing, specOf } from './known-connection.ts';
import { addConnection, replaceConnection } from './store-connection.ts';
import { changedIdentity, checkConfig, keepSecrets, openSecrets, sealConfig, withoutMasks } from './stored-config.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys'>;

/**
 * @returns id of the new connection
 * @throws {MillraceError} `CONNECTION_TYPE_UNKNOWN`, `CONNECTION_INVALID`, `NAME_TAKEN`, `CONNECTION_QUOTA`
 */
export async function createConnection(
  services: Services,
  tenant: string,
  given: { name: string; type: string; environment: string; config: JsonObject },
): Promise<string> {
  const spec = specOf(services, given.type);
  const id = randomUUID();
  const config = checkConfig(withoutMasks(given.config, spec), spec);
  const stored = sealConfig(config, spec, { tenant, id }, services.masterKeys);
  await services.database.asTenants([tenant], (tx) => addConnection(tx, { id, tenant, ...given, ...stored }));
  return id;
}

/**
 * What was granted to the connection by OAuth 2 stays only where the other side stays.
 * @throws {MillraceError} `NOT_FOUND`, `CONNECTION_INVALID`, `CONNECTION_SECRET_NEEDED`, `NAME_TAKEN`
 */
export async function updateConnection(
  services: Services,
  tenant: string,
  id: string,
  given: { name?: string; config: JsonObject },
): Promise<void> {
  await changeConnection(services, tenant, id, ({ name, config, previousUntil }, kept, spec) => {
    const next = checkConfig(keepSecrets(withoutMasks(given.config, spec), config, kept, spec), spec);
    const isElsewhere = changedIdentity(next, config, spec) !== undefined;
    return { name: given.name ?? name, config: next, previousUntil, isElsewhere };
  });
}

/** A connection as it is to be. */
export interface ChangedConnection {
  readonly name: string;
  /** With its secrets. */
  readonly config: JsonObject;
  readonly previousUntil: Date | null;
  /** It is of another side than before. */
  readonly isElsewhere: boolean;
}

/**
 * Changes a connection, all or nothing; whoever else changes it waits.
 * @param change gets the connection, its secrets, and its type
 * @throws {MillraceError} `NOT_FOUND`, `NAME_TAKEN`, and what `change` throws
 */
export async function changeConnection(
  services: Services,
  tenant: string,
  id: string,
  change: (row: ConnectionRow, secrets: JsonObject, spec: ConnectionSpec) => ChangedConnection,
): Promise<void> {
  await services.database.asTenants([tenant], async (tx) => {
    const row = await lockConnection(tx, id);
    if (!row) throw connectionMissing();
    const spec = specOf(services, row.type);
    const secrets = openSecrets(row.sealed, { tenant, id }, services.masterKeys);
    const { name, config, previousUntil, isElsewhere } = change(row, secrets, spec);
    const stored = sealConfig(config, spec, { tenant, id }, services.masterKeys);
    await replaceConnection(tx, { ...row, name, previousUntil, ...stored });
    if (isElsewhere) await dropGrant(tx, id);
  });
}
