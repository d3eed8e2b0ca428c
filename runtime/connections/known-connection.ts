import { type ConnectionSpec, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { type ConnectionRow, loadConnection } from '../postgres/connections/connections.ts';

/** @throws {MillraceError} `NOT_FOUND`; another tenant's does not exist either */
export async function knownConnection(
  { database }: Pick<Foundation, 'database'>,
  tenant: string,
  id: string,
): Promise<ConnectionRow> {
  const row = await database.asTenants([tenant], (tx) => loadConnection(tx, id));
  return row ?? Promise.reject(connectionMissing());
}

export function connectionMissing(): MillraceError {
  return new MillraceError('NOT_FOUND', 'This connection does not exist.', { category: 'not-found' });
}

/** @throws {MillraceError} `CONNECTION_TYPE_UNKNOWN` */
export function specOf({ catalogue }: Pick<Foundation, 'catalogue'>, type: string): ConnectionSpec {
  const spec = catalogue.connections.get(type);
  if (spec) return spec;
  throw new MillraceError('CONNECTION_TYPE_UNKNOWN', `There is no connection type “${type}”.`, { pointer: '/type' });
}
