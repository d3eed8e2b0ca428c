import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

/** Closes the steps' waits; signals matched to them but not taken have come too late. */
export async function endSteps(tx: Tx, ended: readonly Owned<'endedSteps'>[]): Promise<void> {
  if (ended.length === 0) return;
  const runs = ended.map(({ run }) => run);
  await sql`
    with ended as (
      select * from json_to_recordset(${rows(ended)}) as e (run uuid, step text, wait text)
    ), closed as (
      update millrace.wait set state = ended.wait, closed_at = millrace.now()
      from ended
      where wait.run_id = any(${runs}::uuid[]) and wait.run_id = ended.run and wait.step = ended.step
        and wait.state = 'open'
      returning wait.id, wait.run_id
    ), released as (
      update millrace.signal set state = 'late', reason = 'Another signal or the expiry was first.'
      from closed
      where signal.run_id = any(${runs}::uuid[]) and signal.run_id = closed.run_id and signal.wait_id = closed.id
        and signal.state = 'matched'
    )
    delete from millrace.timer using ended
    where timer.run_id = any(${runs}::uuid[]) and timer.run_id = ended.run and timer.step = ended.step`.execute(tx);
}
