import type { Json } from '@millrace/contract';
import type { ShippedTable } from '@millrace/flow';
import { listCodeTables, saveCodeTable, type TableAddress } from '../postgres/code-tables/code-tables.ts';
import type { Tx } from '../postgres/database.ts';
import { changeTable } from './change-table.ts';

/**
 * Creates the code tables that a flow brings along where there are none of their names. One that is there is the tenant's own:
 * its rates and codes are never overwritten.
 * @throws {MillraceError} as {@link changeTable}
 */
export async function createMissingTables(
  tx: Tx,
  place: Omit<TableAddress, 'name'>,
  tables: readonly ShippedTable[],
): Promise<void> {
  if (tables.length === 0) return;
  const present = new Set((await listCodeTables(tx, place.tenant, place.environment)).map(({ name }) => name));
  for (const { name, title, entries } of tables.filter((table) => !present.has(table.name))) {
    await saveCodeTable(tx, { ...place, name }, title);
    const set = entries.map(({ validFrom = null, validTo = null, ...entry }) => ({
      ...entry,
      value: entry.value as Json,
      validFrom,
      validTo,
    }));
    await changeTable(tx, { ...place, name }, { set, remove: [] });
  }
}
