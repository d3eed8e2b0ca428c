import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';

export type Key = AnswerTo<'get /keys'>['keys'][number];

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async () => (await call('get /keys')).keys,
});
