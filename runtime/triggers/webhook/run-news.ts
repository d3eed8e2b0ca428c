import type { RunAnswer } from '@millrace/contract';
import type { Bus, RunNews } from '../../engine/bus.ts';

/** What the run has committed. */
export interface Progress extends Pick<RunNews, 'status' | 'answered'> {
  /** What it has answered, where this process knows. */
  readonly answer?: RunAnswer | undefined;
}

/** News of one run, from before it existed, so that nothing that it does is missed. */
export interface RunListening {
  /** Says which of the tenant's runs is meant; news of the others are dropped. */
  choose(run: string): void;
  /** The next that the run has committed; nothing when patience ends before. */
  next(patience: AbortSignal): Promise<Progress | undefined>;
  stop(): void;
}

export function listenForRun(bus: Bus, tenant: string): RunListening {
  let chosen: string | undefined;
  let waiting: (RunNews & Progress)[] = [];
  let heard = () => {};
  const stop = bus.subscribe((news, answer) => {
    if (news.kind !== 'run' || news.tenant !== tenant || news.status === 'accepted') return;
    if (chosen !== undefined && news.run !== chosen) return;
    waiting.push({ ...news, answer });
    heard();
  });

  return {
    stop,
    choose(run) {
      chosen = run;
      waiting = waiting.filter((news) => news.run === run);
    },
    next(patience) {
      return new Promise((resolve) => {
        heard = () => {
          if (waiting.length === 0 && !patience.aborted) return;
          patience.removeEventListener('abort', heard);
          resolve(waiting.shift());
        };
        patience.addEventListener('abort', heard);
        heard();
      });
    },
  };
}
