import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Closes what was raised in commits of runs and by polls of sources, where it is over: the step that kept failing has
 * done its work or somebody has dealt with its run, the wait that was overdue has ended, the source can be polled.
 */
export async function closeCommitAlerts(tx: Tx): Promise<void> {
  await sql`
    update millrace.alert set closed_at = millrace.now(), incident = null
    where closed_at is null and (
      code = 'STEP_FAILING' and not exists (
        select from millrace.step where run_id = alert.run_id and key = ${stepIn} and status in ('running', 'waiting', 'retrying'))
        and not exists (select from millrace.dead_letter where run_id = alert.run_id and state = 'open')
      or code = 'WAIT_OVERDUE' and not exists (
        select from millrace.wait where run_id = alert.run_id and step = ${stepIn} and state = 'open')
      or code = 'SOURCE_FAILING' and not exists (
        select from millrace.source where tenant_id = alert.tenant_id and failing_since <= alert.at
          and starts_with(alert.incident, 'source ' || environment || ' ' || flow_id || ' ' || node || ' ')))`.execute(
    tx,
  );
}

/** An incident in a run is `<run>/<step>/<code>`; the run is a UUID, the step may hold slashes. */
const stepIn = sql`substr(incident, 38, length(incident) - 38 - length(code))`;
