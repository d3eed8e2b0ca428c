import type { CodeTable, CodeTables, CodeValue } from '@millrace/mapping';
import { type CodeEntry, listEntries, loadStamps, type TableAddress } from '../postgres/code-tables/code-tables.ts';
import type { Database } from '../postgres/database.ts';

/** The code tables as evaluations need them. */
export interface OpenTables {
  /** Those of the named tables that there are, as they are now. */
  load(of: Pick<TableAddress, 'tenant' | 'environment'>, names: readonly string[]): Promise<CodeTables>;
}

/** Tables kept in memory at most; each holds at most a million characters. */
const mostKept = 100;

interface Kept {
  readonly stamp: string;
  readonly table: CodeTable;
}

/** Asks each time whether tables have changed, and for the entries only of those that have. */
export function openTables({ atOnce }: Pick<Database, 'atOnce'>): OpenTables {
  const kept = new Map<string, Kept>();

  const tableAt = async (address: TableAddress, stamp: string): Promise<CodeTable> => {
    const place = JSON.stringify([address.tenant, address.environment, address.name]);
    const known = kept.get(place);
    const table =
      known?.stamp === stamp
        ? known.table
        : tableOf(await atOnce.asTenants([address.tenant], (tx) => listEntries(tx, address)));
    kept.delete(place);
    kept.set(place, { stamp, table });
    for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest);
    return table;
  };

  return {
    async load(of, names) {
      if (names.length === 0) return {};
      const stamps = await atOnce.asTenants([of.tenant], (tx) => loadStamps(tx, of, names));
      const tables: [string, CodeTable][] = [];
      for (const [name, stamp] of stamps) tables.push([name, await tableAt({ ...of, name }, stamp)]);
      return Object.fromEntries(tables);
    },
  };
}

function tableOf(entries: readonly CodeEntry[]): CodeTable {
  const values = new Map<string, CodeValue[]>();
  for (const { key, value, validFrom, validTo } of entries) {
    const one = { value, ...(validFrom !== null && { from: validFrom }), ...(validTo !== null && { to: validTo }) };
    values.set(key, [...(values.get(key) ?? []), one]);
  }
  return Object.fromEntries(values);
}
