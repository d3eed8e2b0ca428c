import type { CodeTable, CodeTables, CodeValue } from '@millrace/mapping';
import { queryOptions } from '@tanstack/react-query';
import { ApiError, call } from '../api/client.ts';
import type { Environment } from '../api/types.ts';

/** The code tables of these names; what is not there is left out, as in a run. */
export const codeTablesQuery = (names: readonly string[], environment: Environment) =>
  queryOptions({
    queryKey: ['code tables for a mapping', environment, names],
    queryFn: async (): Promise<CodeTables> => {
      const tables = await Promise.all(names.map((name) => tableOf(name, environment)));
      return Object.fromEntries(names.flatMap((name, index) => (tables[index] ? [[name, tables[index]]] : [])));
    },
    enabled: names.length > 0,
    staleTime: 60_000,
  });

async function tableOf(name: string, environment: Environment): Promise<CodeTable | undefined> {
  try {
    const table = new Map<string, CodeValue[]>();
    for (let after: string | undefined; ; ) {
      const page = await call('get /code-tables/{name}/entries', {
        params: { name },
        query: { environment, limit: 200, after },
      });
      for (const { key, value, validFrom, validTo } of page.entries) {
        const period = { ...(validFrom !== null && { from: validFrom }), ...(validTo !== null && { to: validTo }) };
        table.set(key, [...(table.get(key) ?? []), { value: value, ...period }]);
      }
      if (page.next === null) return Object.fromEntries(table);
      after = page.next;
    }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
