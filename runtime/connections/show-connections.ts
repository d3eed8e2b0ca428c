import type { JsonObject } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { type ConnectionRow, listConnections } from '../postgres/connections/connections.ts';
import { type ConnectionEvent, type ConnectionHealth, listEvents, listHealth } from '../postgres/connections/health.ts';
import { type ConnectionQuota, readQuota } from '../postgres/connections/quota.ts';
import type { Tx } from '../postgres/database.ts';
import { type ConnectionUse, connectionUses } from '../postgres/queries/connection-uses.ts';
import { maskSecrets } from '../secrets/split.ts';
import { connectionMissing, knownConnection } from './known-connection.ts';
import { openSecrets } from './stored-config.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys'>;

export const connectionStatuses = ['active', 'inactive'] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

/** Which connections are looked for: those to which all of it applies. */
export interface WantedConnections {
  readonly environment?: string | undefined;
  readonly type?: string | undefined;
  readonly status?: ConnectionStatus | undefined;
}

/** A connection as it may be shown: secrets as `{ "set": true }`. */
export interface ShownConnection {
  readonly id: string;
  readonly environment: string;
  readonly name: string;
  readonly type: string;
  readonly config: JsonObject;
  /** Flows use it only where it is active: once a test was good with what it holds. */
  readonly status: ConnectionStatus;
  /** Its secrets were given up with a master key that was lost, and are to be entered again. */
  readonly needsSecrets: boolean;
  /** Where deployments use it. */
  readonly usedBy: readonly ConnectionUse[];
  /** Null where it was never used or tested. */
  readonly health: ConnectionHealth | null;
  /** Until when the secret that was replaced is valid; null where there is none, or for good. */
  readonly previousUntil: Date | null;
  readonly createdAt: Date;
}

export interface ShownConnections {
  readonly connections: readonly ShownConnection[];
  readonly quota: ConnectionQuota;
}

export function showConnections(
  services: Services,
  tenant: string,
  wanted: WantedConnections = {},
): Promise<ShownConnections> {
  return services.database.asTenants([tenant], async (tx) => {
    const all = await allConnections(tx, services);
    return { connections: all.filter(fitting(wanted)), quota: await readQuota(tx, tenant) };
  });
}

function fitting(wanted: WantedConnections): (connection: ShownConnection) => boolean {
  const asked = (['environment', 'type', 'status'] as const).filter((name) => wanted[name] !== undefined);
  return (connection) => asked.every((name) => connection[name] === wanted[name]);
}

/** @throws {MillraceError} `NOT_FOUND` */
export async function showConnection(services: Services, tenant: string, id: string): Promise<ShownConnection> {
  const { connections } = await showConnections(services, tenant);
  return connections.find((connection) => connection.id === id) ?? Promise.reject(connectionMissing());
}

/** What there was with a connection, newest first. @throws {MillraceError} `NOT_FOUND` */
export async function showHistory(
  services: Pick<Services, 'database'>,
  tenant: string,
  id: string,
): Promise<ConnectionEvent[]> {
  await knownConnection(services, tenant, id);
  return services.database.asTenants([tenant], (tx) => listEvents(tx, id));
}

async function allConnections(tx: Tx, services: Services): Promise<ShownConnection[]> {
  const [uses, health] = [await connectionUses(tx), await listHealth(tx)];
  return (await listConnections(tx)).map((row) => {
    const { id, environment, name, type, provedAt, lostKey, previousUntil, createdAt } = row;
    const status = provedAt === null ? 'inactive' : 'active';
    const about = { status, needsSecrets: lostKey !== null, previousUntil, createdAt } as const;
    const fares = { usedBy: uses.get(id) ?? [], health: health.get(id) ?? null };
    return { id, environment, name, type, config: maskedConfig(row, services), ...about, ...fares };
  });
}

/** A type that is not installed any more has no schema to tell its secrets; they are stored apart and do not show. */
function maskedConfig(
  { tenant, id, type, config, sealed }: ConnectionRow,
  { catalogue, masterKeys }: Services,
): JsonObject {
  const spec = catalogue.connections.get(type);
  if (!spec) return config;
  return maskSecrets(config, spec.config, Object.keys(secretNames(sealed, { tenant, id }, masterKeys)));
}

/** The secrets by name. Where they cannot be read any more, none is set. */
export function secretNames(...sealed: Parameters<typeof openSecrets>): JsonObject {
  try {
    return openSecrets(...sealed);
  } catch {
    return {};
  }
}
