import { useSyncExternalStore } from 'react';
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

let underWay: BulkUnderWay | undefined;
let stopping = new AbortController();
let hearNoMore = () => {};
const watchers = new Set<() => void>();

/** What is done to many dead letters. It goes on while somebody looks elsewhere, and is found again by who comes back. */
export function useBulkUnderWay(): BulkUnderWay | undefined {
  return useSyncExternalStore(watch, () => underWay);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function become(next: BulkUnderWay | undefined): void {
  underWay = next;
  for (const watcher of watchers) watcher();
}

interface BulkWanted {
  readonly kind: BulkUnderWay['kind'];
  readonly choice: Choice;
  readonly environment: Environment;
  /** Why they are set aside. */
  readonly note?: string | undefined;
}

/** Retries dead letters, or sets them aside, many at once. */
export async function startBulk({ kind, choice, environment, note }: BulkWanted): Promise<void> {
  closeBulk();
  stopping = new AbortController();
  const { signal } = stopping;
  const fates = new Map<string, RunStatus>();
  hearNoMore = onRunNews(({ runId, status }) => {
    if (!fates.has(runId)) return;
    fates.set(runId, status);
    if (underWay) become({ ...underWay, fates: new Map(fates) });
  });
  const act = async (runs: readonly string[]) => {
    if (kind === 'discard') return call('post /dead-letters/discard', { body: { runs, ...(note && { note }) } });
    for (const run of runs) fates.set(run, 'running');
    return call('post /dead-letters/redrive', { body: { runs } });
  };
  await runBulk({
    total: 'runs' in choice ? choice.runs.length : totalOf(choice.filter, environment),
    batches: 'runs' in choice ? inBatches(choice.runs, atOnce) : allThatFit(choice.filter, environment),
    act,
    stop: signal,
    report: (progress) => become({ kind, progress, fates: new Map(fates) }),
    clock: () => performance.now(),
  });
  forgetBehind('dead-letters');
  await queryClient.invalidateQueries({ queryKey: ['dead-letters'] });
}

export function stopBulk(): void {
  stopping.abort();
}

/** It is looked at no longer. */
export function closeBulk(): void {
  hearNoMore();
  become(undefined);
}

async function totalOf(filter: DeadLetterFilter, environment: Environment): Promise<number> {
  return countOf(await queryClient.fetchQuery({ ...deadLetterGroupsQuery(environment), staleTime: 0 }), filter);
}
