import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../api/client.ts';
import type { Catalogue, FlowDetail, FlowDocument, Json, Problem } from '../api/types.ts';
import { allProblems } from '../editor/all-problems.ts';

const pauseMs = 500;
/** What is typed, and what it makes, is shown before its problems are looked for. */
const shortPauseMs = 120;

export interface Validation {
  readonly problems: readonly Problem[];
  readonly checking: boolean;
  /** The server could not be asked; what only it knows is that of before. */
  readonly failure: Error | null;
}

/**
 * Problems of the flow as it is being edited: by the rules of flows here in the browser, after a moment, and by what only the
 * server knows when the editing pauses.
 */
export function useValidation(flow: FlowDocument, saved: FlowDetail, catalogue: Catalogue): Validation {
  const [settled] = useDebouncedValue(flow, pauseMs);
  const unchanged = settled === saved.bundle.flow;
  const query = useQuery({
    queryKey: ['validate', settled],
    queryFn: async () => {
      const body = { flow: settled as unknown as Json };
      const { problems } = await call('post /flows/{id}/validate', { params: { id: saved.id }, body });
      return { flow: settled, problems };
    },
    enabled: !unchanged,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    retry: false,
  });
  // Loaded when first needed: it brings the expression language with it.
  const rules = useQuery({
    queryKey: ['rules of flows'],
    queryFn: () => import('./check-flow.ts'),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  const [current] = useDebouncedValue(flow, shortPauseMs);
  const here = useMemo(() => rules?.checkFlow(current, catalogue), [rules, current, catalogue]);
  const last = unchanged || !query.data ? { flow: saved.bundle.flow, problems: saved.problems } : query.data;
  const lastHere = useMemo(() => rules?.checkFlow(last.flow, catalogue), [rules, last.flow, catalogue]);
  const problems = useMemo(() => {
    const told = here && lastHere ? allProblems(here, { here: lastHere, server: last.problems }) : last.problems;
    // Notices are told beside the expressions that they are about.
    return told.filter(({ severity }) => severity !== 'notice');
  }, [here, lastHere, last.problems]);
  return { problems, checking: query.isFetching || settled !== flow, failure: query.error };
}
