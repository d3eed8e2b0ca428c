import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';
import type { Environment } from '../api/types.ts';
import type { Period } from './filter.ts';

export type Statistics = AnswerTo<'get /statistics'>;

const refreshMs = 15_000;

export const statisticsQuery = (period: Period, environment: Environment) =>
  queryOptions({
    queryKey: ['statistics', period, environment],
    queryFn: () => call('get /statistics', { query: { period, environment } }),
    // Numbers of a period are dear to count, so they follow the clock and not every run.
    refetchInterval: refreshMs,
  });
