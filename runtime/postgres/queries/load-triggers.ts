import type { ErrorData, Schedule } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface ScheduleRow extends Required<Pick<Schedule, 'rule' | 'timeZone' | 'missed' | 'overlap'>> {
  readonly node: string;
  readonly nextAt: Date | null;
  readonly lastAt: Date | null;
  readonly lastRun: string | null;
  readonly leftOutAt: Date | null;
}

export interface SourceRow {
  readonly node: string;
  readonly everyMs: number;
  readonly polling: boolean;
  readonly nextPollAt: Date | null;
  readonly lastPolledAt: Date | null;
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly lastError: ErrorData | null;
}

export interface TriggerRows {
  readonly routes: readonly { readonly node: string; readonly method: string; readonly path: string }[];
  readonly schedules: readonly ScheduleRow[];
  readonly sources: readonly SourceRow[];
  readonly events: readonly { readonly node: string; readonly topic: string }[];
}

/** What a deployed flow is started by, as it stands. */
export async function loadTriggers(tx: Tx, environment: string, flowId: string): Promise<TriggerRows> {
  const here = sql`environment = ${environment} and flow_id = ${flowId} order by node`;
  const routes = await sql<TriggerRows['routes'][number]>`
    select node, method, path from millrace.webhook_route where ${here}`.execute(tx);
  const schedules = await sql<ScheduleRow>`
    select node, rule, time_zone as "timeZone", missed, overlap, next_at as "nextAt", last_at as "lastAt",
      last_run as "lastRun", left_out_at as "leftOutAt"
    from millrace.schedule where ${here}`.execute(tx);
  const sources = await sql<SourceRow>`
    select node, every_ms as "everyMs", next_poll_at is null as polling, next_poll_at as "nextPollAt",
      last_polled_at as "lastPolledAt", failures, failing_since as "failingSince", last_error as "lastError"
    from millrace.source where ${here}`.execute(tx);
  const events = await sql<TriggerRows['events'][number]>`
    select node, topic from millrace.event_subscription where ${here}`.execute(tx);
  return { routes: routes.rows, schedules: schedules.rows, sources: sources.rows, events: events.rows };
}
