import type { Log } from '../log.ts';

export interface Repetition {
  /** Runs the work now, without waiting for the interval. */
  now(): Promise<void>;
  /** Ends it, after the present pass. */
  stop(): Promise<void>;
}

/** Does `work` again and again with a pause between; an error is logged and does not end it. */
export function repeat(name: string, pauseMs: number, work: () => Promise<void>, log: Log): Repetition {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const pass = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error }, `${name} failed; it will be tried again`);
    }
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = pass().then(schedule);
    }, pauseMs);
  };
  schedule();

  return {
    now: async () => {
      clearTimeout(timer);
      await running;
      running = pass();
      await running;
      clearTimeout(timer);
      schedule();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
