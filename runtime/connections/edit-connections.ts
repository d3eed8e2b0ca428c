import { randomUUID } from 'node:crypto';
import { type ConnectionSpec, type JsonObject, MillraceError, type ProbeResult } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import {
  type ConnectionRow,
  listConnections,
  loadConnection,
  saveConnection,
} from '../postgres/connections/connections.ts';
import { connectionUses } from '../postgres/queries/connection-uses.ts';
import { hidden, hidingOf } from '../secrets/hide-known.ts';
import { maskSecrets } from '../secrets/split.ts';
import { checkConfig, keepSecrets, openSecrets, sealConfig, withoutMasks } from './stored-config.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKey' | 'network'>;

/** A connection as it may be shown: secrets as `{ "set": true }`. */
export interface ShownConnection {
  readonly id: string;
  readonly environment: string;
  readonly name: string;
  readonly type: string;
  readonly config: JsonObject;
  /** Ids of the flows that are deployed with it. */
  readonly usedBy: readonly string[];
  readonly createdAt: Date;
}

export async function showConnections(services: Services, tenant: string): Promise<ShownConnection[]> {
  return services.database.asTenants([tenant], async (tx) => {
    const uses = await connectionUses(tx);
    return (await listConnections(tx)).map((row) => shown(row, uses.get(row.id) ?? [], services));
  });
}

/** @throws {MillraceError} `NOT_FOUND` */
export async function showConnection(services: Services, tenant: string, id: string): Promise<ShownConnection> {
  const all = await showConnections(services, tenant);
  return all.find((connection) => connection.id === id) ?? Promise.reject(connectionMissing());
}

/**
 * @returns id of the new connection
 * @throws {MillraceError} `CONNECTION_TYPE_UNKNOWN`, `CONNECTION_INVALID`, `NAME_TAKEN`
 */
export async function createConnection(
  services: Services,
  tenant: string,
  given: { name: string; type: string; environment: string; config: JsonObject },
): Promise<string> {
  const spec = specOf(services, given.type);
  const id = randomUUID();
  const config = checkConfig(withoutMasks(given.config, spec), spec);
  const stored = sealConfig(config, spec, { tenant, id }, services.masterKey);
  await save(services, { id, tenant, ...given, ...stored });
  return id;
}

/** @throws {MillraceError} `NOT_FOUND`, `CONNECTION_INVALID`, `CONNECTION_SECRET_NEEDED`, `NAME_TAKEN` */
export async function updateConnection(
  services: Services,
  tenant: string,
  id: string,
  given: { name?: string; config: JsonObject },
): Promise<void> {
  const row = await stored(services, tenant, id);
  const spec = specOf(services, row.type);
  const kept = openSecrets(row.sealed, { tenant, id }, services.masterKey);
  const config = checkConfig(keepSecrets(withoutMasks(given.config, spec), row.config, kept, spec), spec);
  await save(services, {
    ...row,
    name: given.name ?? row.name,
    ...sealConfig(config, spec, { tenant, id }, services.masterKey),
  });
}

/** The call behind “Test connection”. */
export async function testConnection(
  services: Services,
  tenant: string,
  id: string,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const row = await stored(services, tenant, id);
  const secrets = openSecrets(row.sealed, { tenant, id }, services.masterKey);
  const config = { ...row.config, ...secrets };
  return hidden(hidingOf(secrets), () => specOf(services, row.type).probe(config, signal, services.network));
}

async function stored({ database }: Services, tenant: string, id: string): Promise<ConnectionRow> {
  const row = await database.asTenants([tenant], (tx) => loadConnection(tx, id));
  return row ?? Promise.reject(connectionMissing());
}

async function save({ database }: Services, row: Parameters<typeof saveConnection>[1]): Promise<void> {
  try {
    await database.asTenants([row.tenant], (tx) => saveConnection(tx, row));
  } catch (error) {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    throw new MillraceError('NAME_TAKEN', `There is a connection “${row.name}” in ${row.environment} already.`, {
      pointer: '/name',
    });
  }
}

const uniqueViolation = '23505';

function specOf({ catalogue }: Services, type: string): ConnectionSpec {
  const spec = catalogue.connections.get(type);
  if (spec) return spec;
  throw new MillraceError('CONNECTION_TYPE_UNKNOWN', `There is no connection type “${type}”.`, { pointer: '/type' });
}

function connectionMissing(): MillraceError {
  return new MillraceError('NOT_FOUND', 'This connection does not exist.', { category: 'not-found' });
}

function shown(row: ConnectionRow, usedBy: readonly string[], services: Services): ShownConnection {
  const { id, environment, name, type, createdAt } = row;
  return { id, environment, name, type, config: maskedConfig(row, services), usedBy, createdAt };
}

/** A type that is not installed any more has no schema to tell its secrets; they are stored apart and do not show. */
function maskedConfig(
  { tenant, id, type, config, sealed }: ConnectionRow,
  { catalogue, masterKey }: Services,
): JsonObject {
  const spec = catalogue.connections.get(type);
  if (!spec) return config;
  return maskSecrets(config, spec.config, Object.keys(secretNames(sealed, { tenant, id }, masterKey)));
}

/** Where the secrets cannot be read any more, none is set. */
function secretNames(...sealed: Parameters<typeof openSecrets>): JsonObject {
  try {
    return openSecrets(...sealed);
  } catch {
    return {};
  }
}
