import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';
import type { Environment } from '../api/types.ts';

export type RecordType = AnswerTo<'get /records'>['types'][number];
export type RecordDetail = AnswerTo<'get /records/{type}/{id}'>;
export type RecordRow = AnswerTo<'get /records/{type}'>['records'][number];

/** One field with the value that it must have. */
export interface RecordFilter {
  readonly field?: string | undefined;
  readonly value?: string | undefined;
}

export const recordTypesQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['records', environment],
    queryFn: async () => (await call('get /records', { query: { environment } })).types,
  });

export const recordsQuery = (type: string, environment: Environment, { field, value }: RecordFilter) =>
  infiniteQueryOptions({
    queryKey: ['records', environment, type, field, value],
    queryFn: ({ pageParam }) => {
      const wanted = field === undefined || value === undefined ? {} : { [field]: value };
      return call('get /records/{type}', {
        params: { type },
        query: { ...wanted, environment, limit: 50, before: pageParam },
      });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });

export const recordQuery = (type: string, id: string, environment: Environment) =>
  queryOptions({
    queryKey: ['records', environment, type, 'one', id],
    queryFn: () => call('get /records/{type}/{id}', { params: { type, id }, query: { environment } }),
    staleTime: 0,
  });
