import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import type { Environment } from '../api/types.ts';

export type Connection = AnswerTo<'get /connections/{id}'>;

export const connectionListQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['connections', environment, 'list'],
    queryFn: () => call('get /connections', { query: { environment } }),
  });

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', 'one', id],
    queryFn: () => call('get /connections/{id}', { params: { id } }),
  });

export const connectionHistoryQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', 'one', id, 'history'],
    queryFn: async () => (await call('get /connections/{id}/history', { params: { id } })).events,
  });

/** What is known of connections is asked for again. */
export function refreshConnections(): void {
  void queryClient.invalidateQueries({ queryKey: ['connections'] });
}
