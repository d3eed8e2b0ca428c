import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads anew what is shown of a key, because it has changed on the server. A first reading that is under way may have
 * seen what was before, and TanStack Query takes its answer for the new one: it is read once more when it has come.
 */
export function readAgain(client: QueryClient, queryKey: QueryKey): void {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' })) {
    const again = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    if (query.state.data === undefined) void query.promise?.then(again, () => undefined);
  }
  void client.invalidateQueries({ queryKey });
}
