import type { Tx } from '../postgres/database.ts';
import { listAlerts } from '../postgres/queries/list-alerts.ts';
import { listSignals } from '../postgres/queries/list-signals.ts';
import { loadRun, type RunDetailRow } from '../postgres/queries/load-run.ts';
import { loadSteps } from '../postgres/queries/load-steps.ts';
import { loadWaits } from '../postgres/queries/load-waits.ts';
import { type RunHistory, type TimelineEntry, timeline } from './timeline.ts';

export interface RunStory extends RunHistory {
  readonly run: RunDetailRow;
  readonly timeline: readonly TimelineEntry[];
}

const told = 1000;

/** A run with everything that is stored of it, and its story in plain words. */
export async function readRun(tx: Tx, tenant: string, id: string): Promise<RunStory | undefined> {
  const run = await loadRun(tx, id);
  if (!run) return undefined;
  const history = {
    run,
    document: run.document,
    steps: await loadSteps(tx, id),
    waits: await loadWaits(tx, id),
    signals: await listSignals(tx, tenant, { run: id, limit: told }),
    alerts: await listAlerts(tx, tenant, { run: id, limit: told }),
  };
  return { ...history, timeline: timeline(history) };
}
