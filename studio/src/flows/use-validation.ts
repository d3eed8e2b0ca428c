import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../api/client.ts';
import type { FlowDetail, FlowDocument, Json, Problem } from '../api/types.ts';

const pauseMs = 500;

export interface Validation {
  readonly problems: readonly Problem[];
  readonly checking: boolean;
  /** The server could not be asked; the problems are those of before. */
  readonly failure: Error | null;
}

/** Problems of the flow as it is being edited, checked anew when the editing pauses. */
export function useValidation(flow: FlowDocument, saved: FlowDetail): Validation {
  const [settled] = useDebouncedValue(flow, pauseMs);
  const unchanged = settled === saved.bundle.flow;
  const query = useQuery({
    queryKey: ['validate', settled],
    queryFn: () =>
      call('post /flows/{id}/validate', { params: { id: saved.id }, body: { flow: settled as unknown as Json } }),
    enabled: !unchanged,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
  const told = unchanged ? saved.problems : (query.data?.problems ?? saved.problems);
  // Notices are told beside the expressions that they are about.
  const problems = useMemo(() => told.filter(({ severity }) => severity !== 'notice'), [told]);
  return { problems, checking: query.isFetching || settled !== flow, failure: query.error };
}
