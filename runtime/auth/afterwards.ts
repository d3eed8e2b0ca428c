import type { Log } from '../log.ts';

/** Work that nobody waits for, so that how long it takes tells nobody anything. */
export interface Afterwards {
  /** @param what completes “… failed”, for the log */
  do(what: string, work: () => Promise<unknown>): void;
  /** When all of it is done. */
  settled(): Promise<void>;
}

export function createAfterwards(log: Log): Afterwards {
  const underWay = new Set<Promise<unknown>>();
  return {
    do(what, work) {
      const done = work()
        .catch((err: unknown) => log.error({ err }, `${what} failed`))
        .finally(() => underWay.delete(done));
      underWay.add(done);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
