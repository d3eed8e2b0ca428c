import type { Log } from '../log.ts';

/** Work that goes on by itself. What goes wrong in it is logged; the look for ready runs finds what it leaves. */
export interface Background {
  start(work: Promise<void>): void;
  /** Resolves when all that had been started has ended. */
  idle(): Promise<void>;
  readonly isIdle: boolean;
}

export function createBackground(log: Log): Background {
  const underWay = new Set<Promise<void>>();
  return {
    start(work) {
      const watched = work
        .catch((error: unknown) => log.warn({ err: error }, 'waking a run failed; the next look will find it'))
        .finally(() => underWay.delete(watched));
      underWay.add(watched);
    },
    idle: async () => {
      await Promise.all(underWay);
    },
    get isIdle() {
      return underWay.size === 0;
    },
  };
}
