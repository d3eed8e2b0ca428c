import { useRef, useState } from 'react';
import { call } from '../api/client.ts';
import { onRunNews } from '../api/live.ts';
import { queryClient } from '../api/query-client.ts';
import type { Environment, RunStatus } from '../api/types.ts';
import { forgetBehind } from '../endless/use-endless.ts';
import { type BulkProgress, inBatches, runBulk } from './bulk.ts';
import { countOf, type DeadLetterFilter } from './filter.ts';
import { allThatFit, deadLetterGroupsQuery } from './queries.ts';

/** Runs of one request. */
const atOnce = 100;

/** Which runs are meant: these, or all open ones that fit. */
export type Choice = { readonly runs: readonly string[] } | { readonly filter: DeadLetterFilter };

export interface BulkUnderWay {
  readonly kind: 'retry' | 'discard';
  readonly progress: BulkProgress;
  /** How each of the retried runs fares, as far as the server has told. */
  readonly fates: ReadonlyMap<string, RunStatus>;
}

/** Retries dead letters, or sets them aside, many at once. */
export function useBulk(environment: Environment) {
  const [underWay, setUnderWay] = useState<BulkUnderWay>();
  const stop = useRef<AbortController>(undefined);
  const hearNoMore = useRef<() => void>(undefined);

  const start = async (kind: BulkUnderWay['kind'], choice: Choice, note?: string) => {
    const stopping = new AbortController();
    stop.current = stopping;
    const fates = new Map<string, RunStatus>();
    hearNoMore.current?.();
    hearNoMore.current = onRunNews(({ runId, status }) => {
      if (!fates.has(runId)) return;
      fates.set(runId, status);
      setUnderWay((now) => now && { ...now, fates: new Map(fates) });
    });
    const act = async (runs: readonly string[]) => {
      if (kind === 'discard') return call('post /dead-letters/discard', { body: { runs, ...(note && { note }) } });
      for (const run of runs) fates.set(run, 'running');
      return call('post /dead-letters/redrive', { body: { runs } });
    };
    await runBulk({
      total: 'runs' in choice ? choice.runs.length : await totalOf(choice.filter, environment),
      batches: 'runs' in choice ? inBatches(choice.runs, atOnce) : allThatFit(choice.filter, environment),
      act,
      stop: stopping.signal,
      report: (progress) => setUnderWay({ kind, progress, fates: new Map(fates) }),
      clock: () => performance.now(),
    });
    forgetBehind('dead-letters');
    await queryClient.invalidateQueries({ queryKey: ['dead-letters'] });
  };

  return {
    underWay,
    start,
    stop: () => stop.current?.abort(),
    close: () => {
      hearNoMore.current?.();
      setUnderWay(undefined);
    },
  };
}

async function totalOf(filter: DeadLetterFilter, environment: Environment): Promise<number> {
  return countOf(await queryClient.fetchQuery({ ...deadLetterGroupsQuery(environment), staleTime: 0 }), filter);
}
