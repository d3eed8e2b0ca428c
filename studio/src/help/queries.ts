import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

export const helpQuery = (page: string) =>
  queryOptions({
    queryKey: ['help', page],
    queryFn: () => call('get /help/{page}', { params: { page } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
