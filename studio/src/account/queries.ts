import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

export const ownSessionsQuery = queryOptions({
  queryKey: ['session', 'sessions'],
  queryFn: async () => (await call('get /session/sessions')).sessions,
});

export const ownTenantsQuery = queryOptions({
  queryKey: ['session', 'tenants'],
  queryFn: async () => (await call('get /session/tenants')).tenants,
});
