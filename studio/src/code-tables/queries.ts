import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import type { Environment } from '../api/types.ts';

export type CodeTable = AnswerTo<'get /code-tables'>['tables'][number];
export type CodeEntry = AnswerTo<'get /code-tables/{name}/entries'>['entries'][number];

export const codeTablesQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['code-tables', environment],
    queryFn: async () => (await call('get /code-tables', { query: { environment } })).tables,
  });

export const entriesQuery = (name: string, environment: Environment) =>
  infiniteQueryOptions({
    queryKey: ['code-tables', environment, name, 'entries'],
    queryFn: ({ pageParam }) =>
      call('get /code-tables/{name}/entries', {
        params: { name },
        query: { environment, limit: 100, after: pageParam },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const usesQuery = (name: string, environment: Environment) =>
  queryOptions({
    queryKey: ['code-tables', environment, name, 'uses'],
    queryFn: async () =>
      (await call('get /code-tables/{name}/uses', { params: { name }, query: { environment } })).flows,
  });

export function refreshCodeTables(): void {
  void queryClient.invalidateQueries({ queryKey: ['code-tables'] });
}
