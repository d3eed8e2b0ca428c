import type { ErrorData, Json, JsonObject } from '@millrace/contract';
import type { News } from '../engine/bus.ts';
import type { Foundation } from '../engine/engine.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { runTeller } from './tell-run.ts';

export interface RunResult {
  readonly runId: string;
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  readonly output: Json;
  readonly error: ErrorData | null;
  readonly steps: readonly JsonObject[];
}

/** Another process may carry the run on; its commits are seen by looking. */
const lookEveryMs = 1_000;

/** Tells a run's story until it has ended, and answers how. @throws the signal's reason when it is aborted before */
export async function followRun(
  { bus, database }: Pick<Foundation, 'bus' | 'database'>,
  tenant: Tenant,
  run: string,
  tell: (line: string) => void,
  stop?: AbortSignal,
): Promise<RunResult> {
  const look = runTeller(database, tenant.id, run, tell);
  for (;;) {
    stop?.throwIfAborted();
    const news = nextNews(bus, run, stop);
    const story = await look();
    const status = story?.run.status;
    if (story && (status === 'succeeded' || status === 'failed' || status === 'cancelled')) {
      news.forget();
      const { output, error } = story.run;
      return { runId: run, outcome: status, output, error, steps: story.steps as unknown as JsonObject[] };
    }
    await news.arrived;
  }
}

/** Resolves at the next news of the run, or when it is time to look again. */
function nextNews(bus: Foundation['bus'], run: string, stop?: AbortSignal): { arrived: Promise<void>; forget(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, lookEveryMs);
  const onStop = () => resolve();
  stop?.addEventListener('abort', onStop, { once: true });
  const unsubscribe = bus.subscribe((news: News) => {
    if (news.kind === 'run' && news.run === run) resolve();
  });
  const forget = () => {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
    unsubscribe();
  };
  return { arrived: promise.finally(forget), forget };
}
