/** How far something is that is done to many runs. */
export interface BulkProgress {
  readonly total: number;
  /** Done so far; some of them may have needed nothing any more. */
  readonly done: number;
  readonly state: 'running' | 'stopped' | 'finished' | 'failed';
  /** Each second; 0 before anything is done. */
  readonly rate: number;
  /** Nothing while it cannot be told. */
  readonly leftMs?: number;
  readonly error?: Error;
}

interface Bulk {
  /** How many there are, as far as that is known. */
  readonly total: number | Promise<number>;
  /** Ids of the runs, some at a time, each only once. */
  readonly batches: AsyncIterable<readonly string[]>;
  readonly act: (ids: readonly string[]) => Promise<unknown>;
  readonly stop: AbortSignal;
  readonly report: (progress: BulkProgress) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Does something to many runs, batch by batch, and tells how it goes. It resolves with how it ended. */
export async function runBulk({ total, batches, act, stop, report, clock }: Bulk): Promise<BulkProgress> {
  const began = clock();
  let done = 0;
  let known = 0;
  const tell = (state: BulkProgress['state'], error?: Error): BulkProgress => {
    const progress = progressOf({
      total: Math.max(known, done),
      done,
      ms: clock() - began,
      state,
      ...(error && { error }),
    });
    report(progress);
    return progress;
  };
  tell('running');
  try {
    known = await total;
    for await (const ids of batches) {
      if (stop.aborted) return tell('stopped');
      await act(ids);
      done += ids.length;
      tell('running');
    }
    return tell(stop.aborted ? 'stopped' : 'finished');
  } catch (error) {
    return tell('failed', error instanceof Error ? error : new Error(String(error)));
  }
}

interface Measured extends Pick<BulkProgress, 'total' | 'done' | 'state' | 'error'> {
  readonly ms: number;
}

function progressOf({ ms, ...progress }: Measured): BulkProgress {
  const { done, total, state } = progress;
  const rate = ms > 0 ? (done * 1_000) / ms : 0;
  const leftMs = state === 'running' && rate > 0 ? ((total - done) / rate) * 1_000 : undefined;
  return { ...progress, rate, ...(leftMs !== undefined && { leftMs }) };
}

/** A list cut into batches. */
export async function* inBatches(ids: readonly string[], size: number): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < ids.length; at += size) yield ids.slice(at, at + size);
}
