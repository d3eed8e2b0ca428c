import { randomUUID } from 'node:crypto';
import type { ConnectionSpec, JsonObject } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { type ConnectionRow, lockConnection } from '../postgres/connections/connections.ts';
import { dropGrant } from '../postgres/oauth2/grants.ts';
import { connectionMissing, specOf } from './known-connection.ts';
import { addConnection, replaceConnection } from './store-connection.ts';
import {
  changedIdentity,
  changedSecrets,
  checkConfig,
  keepSecrets,
  openSecrets,
  sealConfig,
  withoutMasks,
} from './stored-config.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys'>;

/**
 * Flows use it only once its test was good.
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
 * Where it leads elsewhere or logs in otherwise than before, flows use it again once its test is good. What was granted to it
 * by OAuth 2 stays only where the other side stays.
 * @throws {MillraceError} `NOT_FOUND`, `CONNECTION_INVALID`, `CONNECTION_SECRET_NEEDED`, `NAME_TAKEN`
 */
export async function updateConnection(
  services: Services,
  tenant: string,
  id: string,
  given: { name?: string; config: JsonObject },
): Promise<void> {
  await changeConnection(services, tenant, id, ({ name, config, previousUntil, provedAt }, kept, spec) => {
    const next = checkConfig(keepSecrets(withoutMasks(given.config, spec), config, kept, spec), spec);
    const isElsewhere = changedIdentity(next, config, spec) !== undefined;
    const isSame = !isElsewhere && !changedSecrets(next, kept, spec);
    return { name: given.name ?? name, config: next, previousUntil, provedAt: isSame ? provedAt : null, isElsewhere };
  });
}

/** A connection as it is to be. */
export interface ChangedConnection {
  readonly name: string;
  /** With its secrets. */
  readonly config: JsonObject;
  readonly previousUntil: Date | null;
  /** Null where what it holds now was not tested well yet. */
  readonly provedAt: Date | null;
  /** It is of another side than before. */
  readonly isElsewhere: boolean;
}

/** What a connection is to be, after what it is, its secrets, and its type. */
export type Change = (row: ConnectionRow, secrets: JsonObject, spec: ConnectionSpec) => ChangedConnection;

/**
 * Changes a connection, all or nothing; whoever else changes it waits.
 * @throws {MillraceError} `NOT_FOUND`, `NAME_TAKEN`, and what `change` throws
 */
export async function changeConnection(services: Services, tenant: string, id: string, change: Change): Promise<void> {
  await services.database.asTenants([tenant], async (tx) => {
    const row = await lockConnection(tx, id);
    if (!row) throw connectionMissing();
    const spec = specOf(services, row.type);
    const secrets = openSecrets(row.sealed, { tenant, id }, services.masterKeys);
    const { isElsewhere, config, ...changed } = change(row, secrets, spec);
    const stored = sealConfig(config, spec, { tenant, id }, services.masterKeys);
    await replaceConnection(tx, { ...row, ...changed, ...stored });
    if (isElsewhere) await dropGrant(tx, id);
  });
}
