import { MillraceError } from '@millrace/contract';
import type { Log } from '../log.ts';

export interface Repetition {
  /** Runs the work now, without waiting for the pause to end. */
  now(): Promise<void>;
  /** Ends it, after the present pass. */
  stop(): Promise<void>;
}

/**
 * Does `work` again and again with a pause between. A failure does not end it: the pause grows while failures follow
 * each other (up to `longestPauseMs`), and a trouble is logged when it begins and when it is over, not at every pass.
 */
export function repeat(
  name: string,
  pauseMs: number,
  work: () => Promise<void>,
  log: Log,
  longestPauseMs = 30_000,
): Repetition {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let failures = 0;
  let trouble: string | undefined;

  async function pass(): Promise<void> {
    try {
      await work();
      if (trouble !== undefined) log.info(`${name} works again`);
      failures = 0;
      trouble = undefined;
    } catch (error) {
      failures++;
      report(error);
    }
  }

  function report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === trouble) return;
    trouble = message;
    // Our own errors say all in their sentence; of others the stack is wanted.
    if (error instanceof MillraceError) log.warn({ code: error.code }, `${name} failed and goes on: ${message}`);
    else log.warn({ err: error }, `${name} failed and goes on`);
  }

  function schedule(): void {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(next, Math.min(pauseMs * 2 ** failures, Math.max(pauseMs, longestPauseMs)));
  }

  function next(): Promise<void> {
    running = running.then(pass).then(schedule);
    return running;
  }

  schedule();
  return {
    now: () => {
      clearTimeout(timer);
      return next();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
