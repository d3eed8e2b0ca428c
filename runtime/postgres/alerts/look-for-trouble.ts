import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Steps of a flow that have failed with a category of error lately. */
export interface FlowFailures {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  readonly category: string;
  readonly failures: number;
}

/** A step counts once, however often it was tried; whether its flow then took another way makes no difference. */
export async function failuresByFlow(tx: Tx, tenants: readonly string[], withinMs: number): Promise<FlowFailures[]> {
  const { rows } = await sql<FlowFailures>`
    select tenant_id as tenant, environment, flow_id as "flowId", category, count(*) as failures
    from (
      select tenant_id, run_id, error ->> 'category' as category from millrace.all_steps
      where tenant_id = any(${tenants}::uuid[]) and error is not null and status = 'failed'
        and finished_at > millrace.now() - ${withinMs} * interval '1 ms') as failed
    cross join lateral (
      select environment, flow_id from millrace.all_runs
      where tenant_id = failed.tenant_id and id = failed.run_id limit 1) as run
    group by 1, 2, 3, 4`.execute(tx);
  return rows;
}

/** Work of a tenant that should have been done. */
export interface Late {
  readonly tenant: string;
  readonly seconds: number;
}

/** Of the oldest ready runs so many are looked at: one that was woken lately is not late, however old it is. */
const looked = 100;

/** For how long the run that is ready and taken by nobody has been so, where that is longer. */
export async function lateRuns(tx: Tx, tenants: readonly string[], longerThanMs: number): Promise<Late[]> {
  const { rows } = await sql<Late>`
    select tenant, floor(extract(epoch from millrace.now() - min(since)))::int as seconds
    from unnest(${tenants}::uuid[]) as tenant cross join lateral (
      select greatest(updated_at, (select max(due_at) from millrace.timer where run_id = run.id and fired)) as since
      from millrace.run
      where tenant_id = tenant and status = 'running' and lease_until is null and not held
      order by id limit ${looked}) as ready
    where since < millrace.now() - ${longerThanMs} * interval '1 ms' group by tenant`.execute(tx);
  return rows;
}

/** For how long the timer that should have fired first has been due, where that is longer. */
export async function lateTimers(tx: Tx, tenants: readonly string[], longerThanMs: number): Promise<Late[]> {
  const { rows } = await sql<Late>`
    select tenant_id as tenant, floor(extract(epoch from millrace.now() - min(due_at)))::int as seconds
    from millrace.timer
    where not fired and due_at < millrace.now() - ${longerThanMs} * interval '1 ms'
      and tenant_id = any(${tenants}::uuid[])
    group by tenant_id`.execute(tx);
  return rows;
}

/** Failed runs of a flow that nobody has dealt with. */
export interface OpenDeadLetters {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  readonly count: number;
  /** Age of the oldest. */
  readonly seconds: number;
}

export async function openDeadLettersByFlow(tx: Tx, tenants: readonly string[]): Promise<OpenDeadLetters[]> {
  const { rows } = await sql<OpenDeadLetters>`
    select tenant_id as tenant, environment, flow_id as "flowId", count(*) as count,
      floor(extract(epoch from millrace.now() - min(at)))::int as seconds
    from millrace.dead_letter
    where state = 'open' and tenant_id = any(${tenants}::uuid[]) group by 1, 2, 3`.execute(tx);
  return rows;
}

/** The processes of the instance. */
export interface Processes {
  readonly alive: number;
  /** Of those alive, how many work on runs. */
  readonly working: number;
  /** Died without saying so, and nothing has taken their place on their host. */
  readonly lost: number;
}

/** After that the instance is what it is. */
const missedForHours = 24;

/** Scanner's transaction. */
export async function lookAtProcesses(tx: Tx): Promise<Processes> {
  await sql`
    delete from millrace.lost_process
    where lost_at < millrace.now() - ${missedForHours} * interval '1 hour'
      or exists (select from millrace.process as new
        where new.host = lost_process.host and new.roles @> lost_process.roles and new.started_at >= lost_at)`.execute(
    tx,
  );
  const { rows } = await sql<Processes>`
    select count(*) as alive, count(*) filter (where 'worker' = any(roles)) as working,
      (select count(*) from millrace.lost_process) as lost
    from millrace.process where seen_at > statement_timestamp() - interval '15 seconds'`.execute(tx);
  return rows[0] as Processes;
}
