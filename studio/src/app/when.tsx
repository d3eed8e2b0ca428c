import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { duration, exactTime, relativeTime } from './time.ts';

const tickMs = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** It stands still while nobody looks at it. */
function startClock(): ReturnType<typeof setInterval> {
  const tick = () => {
    now = Date.now();
    for (const tell of listeners) tell();
  };
  tick();
  return setInterval(tick, tickMs);
}

/** One clock for all shown times. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= startClock();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** A time told from now; the exact time appears on hover. */
export function When({ at }: { readonly at: string }) {
  const date = new Date(at);
  const text = relativeTime(date, new Date(useNow()));
  return (
    <Tooltip label={exactTime(date)}>
      <time dateTime={at} className="numbers">
        {text}
      </time>
    </Tooltip>
  );
}

/** Whole seconds: the clock ticks no faster. */
function elapsed(ms: number): string {
  return ms < tickMs ? '0 s' : duration(Math.floor(ms / tickMs) * tickMs);
}

/** How long something took, or takes already. */
export function Took({ from, to }: { readonly from: string; readonly to: string | null }) {
  const current = useNow();
  return (
    <span className="numbers">
      {to === null ? elapsed(current - Date.parse(from)) : duration(Date.parse(to) - Date.parse(from))}
    </span>
  );
}
