import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, ApiError, call } from '../api/client.ts';

export type Report = AnswerTo<'get /flows/{id}/tests'>;
export type ReportedTest = Report['tests'][number];

/** How the tests of the draft went last; null where they have not run since it was changed. */
export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['flow', id, 'tests'],
    queryFn: async () => {
      try {
        return await call('get /flows/{id}/tests', { params: { id }, query: { version: 'draft' } });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });

export const testOfRunQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run, 'test'],
    queryFn: () => call('post /runs/{id}/test', { params: { id: run } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
