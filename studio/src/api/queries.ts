import { queryOptions } from '@tanstack/react-query';
import { ApiError, call } from './client.ts';
import type { Catalogue, Environment, RunDetail } from './types.ts';

/** The session; in demo mode one is made on the first visit. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    try {
      return await call('get /session');
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      await call('post /session/demo').catch(() => {
        throw error;
      });
      return call('get /session');
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const catalogueQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: async () => (await call('get /nodes')) as unknown as Catalogue,
  staleTime: Number.POSITIVE_INFINITY,
});

export const flowsQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['flows', environment],
    queryFn: async () => (await call('get /flows', { query: { environment } })).flows,
  });

export const flowQuery = (id: string, environment: Environment) =>
  queryOptions({
    queryKey: ['flow', id, environment],
    queryFn: () => call('get /flows/{id}', { params: { id }, query: { environment } }),
  });

export const expressionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['flow', id, 'expressions'],
    queryFn: async () => (await call('get /flows/{id}/expressions', { params: { id } })).expressions,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: async () => (await call('get /runs/{id}', { params: { id } })) as unknown as RunDetail,
  });

export const connectionsQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['connections', environment],
    queryFn: async () => (await call('get /connections', { query: { environment } })).connections,
  });

/** Open alerts. */
export const alertsQuery = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: async () => (await call('get /alerts', { query: { state: 'open' } })).alerts,
});
