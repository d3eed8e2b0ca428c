import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError, api } from './client.ts';
import type {
  Alert,
  BoundConnection,
  Catalogue,
  FlowDetail,
  FlowSummary,
  ListedExpression,
  RunDetail,
  RunPage,
  RunStatus,
  Session,
} from './types.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The event stream says what changed; time alone makes nothing stale.
      staleTime: 60_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

/** The session; in demo mode one is made on the first visit. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    try {
      return await api.get<Session>('/session');
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      await api.post('/session/demo').catch(() => {
        throw error;
      });
      return api.get<Session>('/session');
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const catalogueQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: () => api.get<Catalogue>('/nodes'),
  staleTime: Number.POSITIVE_INFINITY,
});

export const flowsQuery = queryOptions({
  queryKey: ['flows'],
  queryFn: async () => (await api.get<{ flows: FlowSummary[] }>('/flows')).flows,
});

export const flowQuery = (id: string) =>
  queryOptions({ queryKey: ['flow', id], queryFn: () => api.get<FlowDetail>(`/flows/${encodeURIComponent(id)}`) });

export const expressionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['flow', id, 'expressions'],
    queryFn: async () =>
      (await api.get<{ expressions: ListedExpression[] }>(`/flows/${encodeURIComponent(id)}/expressions`)).expressions,
  });

export interface RunFilter {
  readonly flow?: string | undefined;
  readonly status?: RunStatus | undefined;
}

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', filter],
    queryFn: ({ pageParam }) => api.get<RunPage>(`/runs?${runSearch(filter, pageParam)}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

function runSearch(filter: RunFilter, before: string | null): URLSearchParams {
  const entries = Object.entries({ ...filter, limit: '50', before: before ?? undefined });
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export const runQuery = (id: string) =>
  queryOptions({ queryKey: ['run', id], queryFn: () => api.get<RunDetail>(`/runs/${encodeURIComponent(id)}`) });

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async () => (await api.get<{ connections: BoundConnection[] }>('/connections')).connections,
});

export const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: async () => (await api.get<{ alerts: Alert[] }>('/alerts')).alerts,
});
