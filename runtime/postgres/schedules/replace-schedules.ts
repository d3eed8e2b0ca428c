import type { Json, Schedule } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';
import { rows } from '../json.ts';

export interface NewSchedule extends Required<Omit<Schedule, 'kind' | 'payload'>> {
  readonly node: string;
  readonly payload: Json;
  /** ISO; nothing where the rule has ended. */
  readonly nextAt: string | null;
}

/**
 * The schedules of a deployment in place of those before it. One whose rule and zone are the same keeps its next time,
 * so that a deployment neither repeats nor loses one.
 */
export async function replaceSchedules(tx: Tx, place: FlowPlace, schedules: readonly NewSchedule[]): Promise<void> {
  const { tenant, environment, flowId } = place;
  await sql`
    delete from millrace.schedule where environment = ${environment} and flow_id = ${flowId}
      and not node = any(${schedules.map(({ node }) => node)}::text[])`.execute(tx);
  if (schedules.length === 0) return;
  await sql`
    insert into millrace.schedule
      (tenant_id, environment, flow_id, node, rule, time_zone, missed, overlap, payload, next_at)
    select ${tenant}::uuid, ${environment}, ${flowId}, node, rule, "timeZone", missed, overlap,
      coalesce(payload, 'null'), "nextAt"
    from json_to_recordset(${rows(schedules)}) as new
      (node text, rule jsonb, "timeZone" text, missed text, overlap text, payload json, "nextAt" timestamptz)
    on conflict (tenant_id, environment, flow_id, node) do update set
      rule = excluded.rule, time_zone = excluded.time_zone, missed = excluded.missed, overlap = excluded.overlap,
      payload = excluded.payload,
      next_at = case when (schedule.rule, schedule.time_zone) = (excluded.rule, excluded.time_zone)
        then schedule.next_at else excluded.next_at end`.execute(tx);
}
