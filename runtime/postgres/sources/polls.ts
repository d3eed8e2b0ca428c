import type { ErrorData, Json, JsonObject } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';
import { json } from '../json.ts';
import { isHeld, type SourceHold } from './source-leases.ts';

/** A claimed source with everything that polling it needs. */
export interface ClaimedSource {
  readonly everyMs: number;
  readonly cursor: Json | null;
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly tenantSlug: string;
  readonly timeZone: string;
  readonly version: string;
  readonly parameters: JsonObject;
  readonly connections: Readonly<Record<string, string>>;
  readonly document: FlowDocument;
  /** The database's time. */
  readonly now: Date;
}

/** Nothing where the hold is lost. */
export async function loadClaimed(tx: Tx, hold: SourceHold): Promise<ClaimedSource | undefined> {
  const { rows } = await sql<ClaimedSource>`
    select source.every_ms as "everyMs", source.cursor, source.failures, source.failing_since as "failingSince",
      tenant.slug as "tenantSlug", tenant.time_zone as "timeZone", deployment.version, deployment.parameters,
      deployment.connections, flow_version.document, millrace.now() as now
    from millrace.source join millrace.deployment using (tenant_id, environment, flow_id)
    join millrace.flow_version on flow_version.tenant_id = source.tenant_id and flow_version.hash = deployment.version
    join millrace.tenant on tenant.id = source.tenant_id
    where ${isHeld(hold)}`.execute(tx);
  return rows[0];
}

/** False where the hold is lost; nothing is written then. */
export async function saveCursor(tx: Tx, hold: SourceHold, cursor: Json): Promise<boolean> {
  const { rows } = await sql`
    update millrace.source set cursor = ${json(cursor)} where ${isHeld(hold)} returning 1`.execute(tx);
  return rows.length > 0;
}

/** How a poll has ended. */
export interface PollEnd {
  /** Until the next one, unless somebody has asked for it in the meantime. */
  readonly pauseMs: number;
  readonly error?: ErrorData;
  readonly leaseMs: number;
}

/** A trouble as it stands after a poll. */
export interface Trouble {
  readonly failures: number;
  readonly since: Date;
}

/** The source stays with its holder until a lease beyond the next poll. Answers the trouble, where the poll has failed. */
export async function endPoll(tx: Tx, hold: SourceHold, end: PollEnd): Promise<Trouble | undefined> {
  const { pauseMs, error, leaseMs } = end;
  const { rows } = await sql<Trouble>`
    update millrace.source set
      next_poll_at = millrace.now() + case when asked then 0 else ${pauseMs} end * interval '1 ms', asked = false,
      lease_until = millrace.now() + ${pauseMs + leaseMs} * interval '1 ms', last_polled_at = millrace.now(),
      failures = case when ${error !== undefined} then failures + 1 else 0 end,
      failing_since = case when ${error !== undefined} then coalesce(failing_since, millrace.now()) end,
      last_error = ${json(error)}
    where ${isHeld(hold)} returning failures, failing_since as since`.execute(tx);
  return error && rows[0];
}

/** Lets a source be polled at once. False where there is none. */
export async function askPoll(tx: Tx, { environment, flowId }: FlowPlace, node: string): Promise<boolean> {
  const { rows } = await sql<{ tenant: string }>`
    update millrace.source set
      asked = next_poll_at is null,
      next_poll_at = case when next_poll_at is not null then least(next_poll_at, millrace.now()) end
    where environment = ${environment} and flow_id = ${flowId} and node = ${node}
    returning tenant_id as tenant`.execute(tx);
  const [found] = rows;
  if (found)
    await noteChange(tx, { ...found, environment, action: 'sources.poll', target: `flows/${flowId}/sources/${node}` });
  return found !== undefined;
}
