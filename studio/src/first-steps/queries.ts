import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

/** Whether the tenant has ever run anything. */
export const hasRunQuery = queryOptions({
  queryKey: ['runs', 'any'],
  queryFn: async () => (await call('get /runs', { query: { limit: 1 } })).runs.length > 0,
});
