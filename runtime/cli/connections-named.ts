import { MillraceError } from '@millrace/contract';
import { findConnection } from '../postgres/connections/connections.ts';
import type { TenantData } from './at-database.ts';

/** Slot → id of the connection of that name. @throws {MillraceError} `NOT_FOUND` */
export function connectionsNamed({ work }: TenantData, environment: string, named: Readonly<Record<string, string>>) {
  return work(async (tx) => {
    const bound: Record<string, string> = {};
    for (const [slot, name] of Object.entries(named)) {
      const found = await findConnection(tx, environment, name);
      if (!found)
        throw new MillraceError('NOT_FOUND', `There is no connection “${name}” in ${environment}.`, {
          category: 'not-found',
        });
      bound[slot] = found.id;
    }
    return bound;
  });
}
