import { MillraceError } from '@millrace/contract';
import { type StoredConnection, saveConnection } from '../postgres/connections/connections.ts';
import { readQuota } from '../postgres/connections/quota.ts';
import type { Tx } from '../postgres/database.ts';

/** Replaces a connection. @throws {MillraceError} `NAME_TAKEN` */
export function replaceConnection(tx: Tx, row: StoredConnection): Promise<void> {
  return saveConnection(tx, row).catch(explainName(row));
}

/**
 * Stores a new connection, within the tenant's quota. That locks the tenant's serving revision, so that two do not both take
 * the last place.
 * @throws {MillraceError} `NAME_TAKEN`, `CONNECTION_QUOTA`
 */
export async function addConnection(tx: Tx, row: StoredConnection): Promise<void> {
  await replaceConnection(tx, row);
  const { used, limit } = await readQuota(tx, row.tenant);
  if (used <= limit) return;
  const message = `There may be ${limit} connections, and there are as many; delete one that is not used, or have the quota raised.`;
  throw new MillraceError('CONNECTION_QUOTA', message, { details: { limit } });
}

const uniqueViolation = '23505';

function explainName({ name, environment }: StoredConnection): (error: unknown) => never {
  return (error) => {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    throw new MillraceError('NAME_TAKEN', `There is a connection “${name}” in ${environment} already.`, {
      pointer: '/name',
    });
  };
}
