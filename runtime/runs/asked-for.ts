import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import { redriveRuns } from '../postgres/runs/redrive-runs.ts';
import { requestCancel } from '../postgres/runs/request-cancel.ts';
import type { WakeUp } from '../postgres/runs/wake-up.ts';

/** What somebody asks for, as {@link requestCancel}: the audit tells of it. */
export async function cancelRun(tx: Tx, tenant: string, run: string): Promise<WakeUp[]> {
  const asked = await requestCancel(tx, [run]);
  const after = { runs: asked.map((each) => each.run) };
  if (asked.length > 0) await noteChange(tx, { tenant, action: 'runs.cancel', target: `runs/${run}`, after });
  return asked;
}

/** What somebody asks for, as {@link redriveRuns}: the audit tells of it. */
export async function redriveFailed(tx: Tx, tenant: string, runs: readonly string[], by: string): Promise<WakeUp[]> {
  const ready = await redriveRuns(tx, runs, by);
  const after = { runs: ready.map(({ run }) => run) };
  if (ready.length > 0) await noteChange(tx, { tenant, action: 'runs.redrive', target: 'dead-letters', after });
  return ready;
}
