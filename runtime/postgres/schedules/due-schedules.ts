import type { Json, JsonObject, Schedule } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';
import { rows } from '../json.ts';

/** A schedule whose time has come, held until the end of the transaction, with what its runs start from. */
export interface DueSchedule extends FlowPlace, Required<Pick<Schedule, 'rule' | 'timeZone' | 'missed' | 'overlap'>> {
  readonly node: string;
  readonly payload: Json;
  readonly nextAt: Date;
  /** The run that it started last has not ended. */
  readonly isBusy: boolean;
  readonly version: string;
  readonly parameters: JsonObject;
  readonly connections: Readonly<Record<string, string>>;
  /** The database's time. */
  readonly now: Date;
}

/** Tenants that have due schedules. Scanner's transaction. */
export async function tenantsWithDueSchedules(tx: Tx, limit: number): Promise<string[]> {
  const { rows: due } = await sql<{ tenant: string }>`
    select distinct tenant_id as tenant from (
      select schedule.tenant_id from millrace.schedule join millrace.deployment using (tenant_id, environment, flow_id)
      where next_at <= millrace.now() and paused_at is null order by next_at limit ${limit}) as first`.execute(tx);
  return due.map(({ tenant }) => tenant);
}

/**
 * Holds due schedules that nobody else holds, the longest due first. One that makes up for missed times one after the
 * other is not due while the run before is under way.
 * @param lateMs from when on a time counts as missed
 */
export async function holdDueSchedules(tx: Tx, limit: number, lateMs: number): Promise<DueSchedule[]> {
  const { rows: due } = await sql<DueSchedule>`
    select tenant_id as tenant, environment, flow_id as "flowId", node, rule, time_zone as "timeZone", missed, overlap,
      payload, next_at as "nextAt", last.id is not null as "isBusy", deployment.version, deployment.parameters,
      deployment.connections, millrace.now() as now
    from millrace.schedule join millrace.deployment using (tenant_id, environment, flow_id)
    left join (select id from millrace.run where status in ('running', 'waiting')) as last on last.id = last_run
    where next_at <= millrace.now() and paused_at is null
      and not (missed = 'all' and overlap = 'skip' and last.id is not null
        and next_at < millrace.now() - ${lateMs} * interval '1 ms')
    order by next_at limit ${limit} for update of schedule skip locked`.execute(tx);
  return due;
}

/** What became of a due schedule; what is left out of it stays. */
export interface Advance extends FlowPlace {
  readonly node: string;
  readonly nextAt: Date | null;
  readonly lastAt?: Date | undefined;
  readonly lastRun?: string | undefined;
  readonly leftOutAt?: Date | undefined;
}

export async function advanceSchedules(tx: Tx, advances: readonly Advance[]): Promise<void> {
  await sql`
    update millrace.schedule set
      next_at = new."nextAt", last_at = coalesce(new."lastAt", last_at), last_run = coalesce(new."lastRun", last_run),
      left_out_at = coalesce(new."leftOutAt", left_out_at)
    from json_to_recordset(${rows(advances)}) as new
      (tenant uuid, environment text, "flowId" text, node text, "nextAt" timestamptz, "lastAt" timestamptz,
       "lastRun" uuid, "leftOutAt" timestamptz)
    where (schedule.tenant_id, schedule.environment, schedule.flow_id, schedule.node)
      = (new.tenant, new.environment, new."flowId", new.node)`.execute(tx);
}
