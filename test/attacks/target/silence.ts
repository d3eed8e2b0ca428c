import { setTimeout as sleep } from 'node:timers/promises';
import type { Targets } from './targets.ts';

const pauseMs = 100;

/** Asks every instance that serves, again and again; `stop` answers the longest time that one took to answer, in milliseconds. */
export function listenForSilence(targets: Targets): { stop(): Promise<number> } {
  const over = new AbortController();
  let longest = 0;
  const listening = (async () => {
    while (!over.signal.aborted) {
      for (const target of targets.serving()) {
        const asked = performance.now();
        const before = performance.eventLoopUtilization();
        // One that is gone altogether is told of afterwards.
        await target.call('GET', '/health').catch(() => undefined);
        // While this process looks through what it has found it hears nobody either.
        const { active } = performance.eventLoopUtilization(before);
        longest = Math.max(longest, performance.now() - asked - active);
      }
      await sleep(pauseMs);
    }
  })();
  return {
    async stop() {
      over.abort();
      await listening;
      return longest;
    },
  };
}
