import { useEffect, useState } from 'react';
import { changeRows, forgetBehind } from '../endless/use-endless.ts';
import { open } from './client.ts';
import { eventsOf, type StreamEvent } from './event-stream.ts';
import { queryClient } from './query-client.ts';
import { readAgain } from './read-again.ts';
import type { RunSummary } from './types.ts';

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/**
 * Follows the server's event stream for as long as the component lives and refreshes what changed.
 * @returns whether the stream is open now
 */
export function useLiveUpdates(): boolean {
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    void follow(stop.signal, setConnected);
    return () => stop.abort();
  }, []);
  return connected;
}

async function follow(signal: AbortSignal, connected: (now: boolean) => void): Promise<void> {
  let pause = firstPauseMs;
  let first = true;
  while (!signal.aborted) {
    try {
      const response = await open('get /events', signal);
      connected(true);
      pause = firstPauseMs;
      // What happened while the stream was away is unknown, so everything is read anew.
      if (!first) {
        forgetBehind();
        void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      }
      first = false;
      if (response.body) for await (const event of eventsOf(response.body)) refresh(event);
    } catch {
      // Tried again below; the shell shows that the stream is away.
    }
    if (signal.aborted) return;
    connected(false);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, longestPauseMs);
  }
}

interface RunNews {
  readonly runId: string;
  readonly flowId: string;
  readonly status: RunSummary['status'];
  readonly at: string;
}

type HearRun = (news: Pick<RunNews, 'runId' | 'status'>) => void;
const hearers = new Set<HearRun>();

/** Hears what becomes of runs. @returns ends that */
export function onRunNews(hear: HearRun): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

/** What is told suffices for a run that stands somewhere in a list; only the beginning of the list is read again. */
function followInList(id: string, status: RunSummary['status'], at: string | null): void {
  const finishedAt = status === 'running' || status === 'waiting' ? null : at;
  changeRows<RunSummary>('runs', new Set([id]), (run) => ({ ...run, status, finishedAt }));
}

function refresh({ event, data }: StreamEvent): void {
  const { runId = '', flowId, status, at } = JSON.parse(data) as Partial<RunNews>;
  if (event === 'run') {
    readAgain(queryClient, ['run', runId]);
    if (status) {
      followInList(runId, status, at ?? null);
      for (const hear of hearers) hear({ runId, status });
    }
    refreshLists();
  }
  if (event === 'flow') {
    readAgain(queryClient, ['flow', flowId]);
    readAgain(queryClient, ['flows']);
  }
}

/** Lists that show what runs do. */
const followed = ['runs', 'flows', 'alerts', 'waits', 'signals', 'dead-letters', 'records'];
const listPauseMs = 400;
let listTimer: ReturnType<typeof setTimeout> | undefined;

/** A run changes many times a second; lists are read again at most every {@link listPauseMs}. */
function refreshLists(): void {
  if (listTimer !== undefined) return;
  listTimer = setTimeout(() => {
    listTimer = undefined;
    for (const key of followed) readAgain(queryClient, [key]);
  }, listPauseMs);
}
