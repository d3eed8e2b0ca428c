import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';

export type Retention = AnswerTo<'get /retention'>;
export type ErasureReport = AnswerTo<'post /erasures'>;

export const retentionQuery = queryOptions({ queryKey: ['retention'], queryFn: () => call('get /retention') });
