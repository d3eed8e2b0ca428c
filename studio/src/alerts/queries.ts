import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AnswerTo } from '../api/client.ts';
import { call } from '../api/client.ts';

export type Channel = AnswerTo<'get /alert-channels'>['channels'][number];

/** Open or closed alerts with what has become of them. */
export const alertPagesQuery = (state: 'open' | 'closed') =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'pages', state],
    queryFn: ({ pageParam }) => call('get /alerts', { query: { state, before: pageParam, limit: 50 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const channelsQuery = queryOptions({
  queryKey: ['alert-channels'],
  queryFn: async () => (await call('get /alert-channels')).channels,
});
