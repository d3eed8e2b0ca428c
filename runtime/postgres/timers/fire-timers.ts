import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { WakeUp } from '../runs/wake-up.ts';

/** A run with due timers. */
export interface FiredTimers extends WakeUp {
  /** By how many seconds the oldest of them is late. */
  readonly lag: number;
}

/**
 * Makes the runs ready that have due timers, and marks those timers, so that they wake only once. What others hold a lock
 * on is left for the next time: so it waits for nobody, and several processes fire different timers. Scanner's transaction.
 */
export async function fireTimers(tx: Tx, limit: number): Promise<FiredTimers[]> {
  const { rows: woken } = await sql<FiredTimers>`
    with due as (
      select id, run_id, due_at from millrace.timer
      where not fired and due_at <= millrace.now() order by due_at limit ${limit} for update skip locked
    ), locked as (
      select id from millrace.run where id in (select run_id from due) for update skip locked
    ), fired as (
      update millrace.timer set fired = true from due where timer.id = due.id and due.run_id in (select id from locked)
    )
    update millrace.run set wake = wake + 1, status = 'running'
    where id in (select id from locked) and status in ('running', 'waiting')
    returning id as run, tenant_id as tenant,
      (select extract(epoch from millrace.now() - min(due_at)) from due where run_id = id)::float8 as lag`.execute(tx);
  return woken;
}
