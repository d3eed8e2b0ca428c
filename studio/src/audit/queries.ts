import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';

export type AuditEntry = AnswerTo<'get /audit'>['entries'][number];

/** As it stands in the address of the page. */
export interface AuditFilter {
  readonly action?: string | undefined;
  readonly who?: string | undefined;
  readonly target?: string | undefined;
  /** Days. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The filter as the API takes it: from the beginning of the first day to the end of the last. */
export function asked({ action, who, target, from, to }: AuditFilter) {
  return {
    action: action as never,
    who,
    target,
    from: from === undefined ? undefined : new Date(`${from}T00:00:00`).toISOString(),
    to: to === undefined ? undefined : new Date(`${to}T23:59:59.999`).toISOString(),
  };
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => call('get /audit', { query: { ...asked(filter), limit: 50, before: pageParam } }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // What others change is told by no event.
    staleTime: 0,
  });

export const auditVerdictQuery = queryOptions({
  queryKey: ['audit', 'verdict'],
  queryFn: () => call('get /audit/verify'),
  enabled: false,
});
