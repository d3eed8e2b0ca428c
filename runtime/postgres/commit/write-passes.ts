import type { ErrorData, Json } from '@millrace/contract';
import type { MachineState } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

/** The machine of a pass, as it stands. */
export interface PassRow {
  readonly key: string;
  readonly state: MachineState;
}

/** What a pass of a loop gave. */
export interface PassResultRow {
  readonly step: string;
  readonly index: number;
  readonly output?: Json;
  readonly error?: ErrorData;
}

/** Passes that have begun or moved. */
export async function writePasses(tx: Tx, passes: readonly Owned<'passes'>[]): Promise<void> {
  if (passes.length === 0) return;
  await sql`
    insert into millrace.pass (run_id, key, tenant_id, state)
    select run, key, tenant, state from json_to_recordset(${rows(passes)}) as new
      (run uuid, key text, tenant uuid, state json)
    on conflict (run_id, key) do update set state = excluded.state`.execute(tx);
}

/** Passes that are over or abandoned: with each goes what is inside it, what waits there included. */
export async function closePasses(tx: Tx, closed: readonly Owned<'closedPasses'>[]): Promise<void> {
  if (closed.length === 0) return;
  const runs = closed.map(({ run }) => run);
  await sql`
    with closed as (
      select run, pass from json_to_recordset(${rows(closed)}) as c (run uuid, pass text)
    ), waits as (
      update millrace.wait set state = 'cancelled', closed_at = millrace.now() from closed
      where wait.run_id = any(${runs}::uuid[]) and wait.run_id = closed.run
        and starts_with(wait.step, closed.pass || '/') and wait.state = 'open'
      returning wait.id, wait.run_id
    ), signals as (
      update millrace.signal set state = 'late', reason = 'The pass had ended.' from waits
      where signal.run_id = any(${runs}::uuid[]) and signal.run_id = waits.run_id and signal.wait_id = waits.id and signal.state = 'matched'
    ), timers as (
      delete from millrace.timer using closed
      where timer.run_id = any(${runs}::uuid[]) and timer.run_id = closed.run and starts_with(timer.step, closed.pass || '/')
    )
    delete from millrace.pass using closed
    where pass.run_id = any(${runs}::uuid[]) and pass.run_id = closed.run and (pass.key = closed.pass or starts_with(pass.key, closed.pass || '/'))`.execute(
    tx,
  );
}

export async function writePassResults(tx: Tx, results: readonly Owned<'passResults'>[]): Promise<void> {
  if (results.length === 0) return;
  await sql`
    insert into millrace.pass_result (run_id, step, index, tenant_id, output, error)
    select run, step, index, tenant, output, error from json_to_recordset(${rows(results)}) as new
      (run uuid, step text, index int, tenant uuid, output json, error json)
    on conflict (run_id, step, index) do update set output = excluded.output, error = excluded.error`.execute(tx);
}

/** The loops have put their results together, or have come to nothing. */
export async function dropPassResults(tx: Tx, loops: readonly Owned<'endedLoops'>[]): Promise<void> {
  if (loops.length === 0) return;
  await sql`
    delete from millrace.pass_result using json_to_recordset(${rows(loops)}) as ended (run uuid, step text)
    where pass_result.run_id = any(${loops.map(({ run }) => run)}::uuid[]) and pass_result.run_id = ended.run and pass_result.step = ended.step`.execute(
    tx,
  );
}
