import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { BurstWrites } from './burst-writes.ts';

/** A run whose token still held; its row is written and locked until the commit. */
export interface Fenced {
  /** Somebody wants it to end. */
  readonly cancel: boolean;
  /** It asked to be given back, and nothing new has come since its inbox was loaded. */
  readonly parked: boolean;
}

/**
 * Writes the run rows whose token still holds; of each run there is one burst. A stale token, or a commit that has landed
 * before, writes nothing.
 */
export async function fence(tx: Tx, bursts: readonly BurstWrites[]): Promise<Map<string, Fenced>> {
  const values = bursts.map(({ run, token, revision, wakeSeen, state, next, lease }) => ({
    run,
    token,
    revision,
    wakeSeen,
    moves: state !== undefined || isOver(next),
    state: isOver(next) ? null : state,
    leaseMs: lease.ms,
    park: next === 'park',
    ended: typeof next === 'object' ? next.status : null,
    output: typeof next === 'object' && next.status === 'succeeded' ? next.output : null,
    error: typeof next === 'object' && next.status === 'failed' ? next.error : null,
  }));
  const { rows: fenced } = await sql<Fenced & { id: string }>`
    with new as (
      select * from json_to_recordset(${rows(values)}) as new
        (run uuid, token int, revision int, "wakeSeen" int, moves boolean, state json, park boolean, ended text,
         output json, error json, "leaseMs" int)
    ), locked as (
      select id from millrace.run where id = any(${lockedWith(bursts)}::uuid[]) order by id for update
    )
    -- What is compared and set must be columns of the row that is updated: those PostgreSQL reads again once it holds the lock.
    update millrace.run set
      state = case when moves then new.state else run.state end, output = new.output, error = new.error,
      revision = run.revision + 1, redrive = false, takeovers = 0,
      status = coalesce(ended, case when park and wake = "wakeSeen" and not cancel then 'waiting' else 'running' end),
      lease_holder = case when ended is null and not (park and wake = "wakeSeen" and not cancel) then lease_holder end,
      lease_until = case when ended is null and not (park and wake = "wakeSeen" and not cancel)
        then millrace.now() + "leaseMs" * interval '1 ms' end,
      finished_at = case when ended is not null then millrace.now() end, updated_at = millrace.now()
    from new
    where run.id = any(${values.map(({ run }) => run)}::uuid[]) and run.id = new.run and run.token = new.token and run.revision = new.revision and run.status = 'running'
      and run.id in (select id from locked)
    returning run.id, run.cancel, run.status = 'waiting' as parked`.execute(tx);
  return new Map(fenced.map(({ id, ...found }) => [id, found]));
}

/** A called run that ends wakes its parent, so that both are locked, in order. */
function lockedWith(bursts: readonly BurstWrites[]): string[] {
  return bursts.flatMap(({ run, parent, next }) =>
    parent !== null && typeof next === 'object' ? [run, parent] : [run],
  );
}

/** A failed run keeps its state, to go on from it; the others need it no more. */
function isOver(next: BurstWrites['next']): boolean {
  return typeof next === 'object' && next.status !== 'failed';
}
