import { isObject, type Json } from '@millrace/contract';
import { changeTable } from '../../code-tables/change-table.ts';
import { tablesOf } from '../../code-tables/tables-of.ts';
import {
  type CodeEntry,
  deleteCodeTable,
  listCodeTables,
  listEntries,
  saveCodeTable,
  type TableAddress,
} from '../../postgres/code-tables/code-tables.ts';
import type { Tx } from '../../postgres/database.ts';
import { lockCodeTables } from '../../postgres/promotions/lock-parts.ts';
import { differenceOf } from '../difference-of.ts';
import type { PartKind, PartPlace } from './part-kind.ts';

/** A code table with all its entries. */
type TableState = { readonly title: string; readonly entries: readonly CodeEntry[] };

/** Those that expressions of the flows and of their mappings name, and those that the flows bring along. */
export const codeTables: PartKind = {
  kind: 'code-table',
  title: 'the code table',
  find: (flows, { types }) => flows.flatMap(({ bundle }) => tablesOf(bundle, types)),
  async read(tx, { tenant, environment }, name) {
    const tables = await listCodeTables(tx, tenant.id, environment);
    const found = tables.find((table) => table.name === name);
    if (!found) return null;
    const entries = await listEntries(tx, { tenant: tenant.id, environment, name });
    return { title: found.title, entries: entries as unknown as Json };
  },
  lock: (tx, _tenant, names) => lockCodeTables(tx, names),
  compare: async (_tx, name, before, after) =>
    differenceOf({ tables: shownTables(name, before) }, { tables: shownTables(name, after) }, ['tables', name]),
  prepare:
    async (_services, { place, states }) =>
    async (tx) => {
      for (const { name, state } of states) await put(tx, addressOf(place, name), state);
    },
};

function addressOf({ tenant, environment }: PartPlace, name: string): TableAddress {
  return { tenant: tenant.id, environment, name };
}

async function put(tx: Tx, address: TableAddress, state: Json): Promise<void> {
  if (state === null) {
    await deleteCodeTable(tx, address);
    return;
  }
  const { title, entries } = state as unknown as TableState;
  await saveCodeTable(tx, address, title);
  await changeTable(tx, address, { set: entries, remove: 'all' });
}

/** With entries by their keys, so that the difference is told key by key. */
function shownTables(name: string, state: Json): Json {
  if (!isObject(state)) return [];
  const { title, entries } = state as unknown as TableState;
  const byKey = [...Map.groupBy(entries, ({ key }) => key)].map(([key, periods]): [string, Json] => {
    const [first = null, ...others] = periods.map(shownEntry);
    return [key, others.length === 0 ? first : [first, ...others]];
  });
  return [{ name, title, entries: Object.fromEntries(byKey) }];
}

function shownEntry({ value, validFrom, validTo }: CodeEntry): Json {
  return { value, ...(validFrom !== null && { validFrom }), ...(validTo !== null && { validTo }) };
}
