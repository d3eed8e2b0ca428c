import { useEffect, useState } from 'react';
import { open } from './client.ts';
import { eventsOf, type StreamEvent } from './event-stream.ts';
import { queryClient } from './query-client.ts';
import { readAgain } from './read-again.ts';

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
      if (!first) void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
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

function refresh({ event, data }: StreamEvent): void {
  const { runId, flowId } = JSON.parse(data) as { runId?: string; flowId?: string };
  if (event === 'run') {
    readAgain(queryClient, ['run', runId]);
    refreshLists();
  }
  if (event === 'flow') {
    readAgain(queryClient, ['flow', flowId]);
    readAgain(queryClient, ['flows']);
  }
}

const listPauseMs = 400;
let listTimer: ReturnType<typeof setTimeout> | undefined;

/** A run changes many times a second; lists are read again at most every {@link listPauseMs}. */
function refreshLists(): void {
  if (listTimer !== undefined) return;
  listTimer = setTimeout(() => {
    listTimer = undefined;
    for (const key of ['runs', 'flows', 'alerts']) readAgain(queryClient, [key]);
  }, listPauseMs);
}
