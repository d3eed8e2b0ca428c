import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';
import { rows } from '../json.ts';

/** The right to poll a source, until the lease runs out or somebody else claims it. */
export interface SourceHold extends FlowPlace {
  readonly node: string;
  /** Everything that is written under the hold carries it. */
  readonly token: number;
}

const holdColumns = sql`source.tenant_id as tenant, source.environment, source.flow_id as "flowId", source.node, source.token`;

/** The source's row, as long as the hold is good. */
export function isHeld({ tenant, environment, flowId, node, token }: SourceHold): RawBuilder<unknown> {
  return sql`
    (source.tenant_id, source.environment, source.flow_id, source.node) = (${tenant}::uuid, ${environment}, ${flowId}, ${node})
      and source.token = ${token} and source.lease_until > millrace.now()`;
}

/**
 * Claims sources that are to be polled now: nobody else's lease stands in the way, or it has run out in mid-poll.
 * Scanner's transaction.
 */
export async function claimSources(
  tx: Tx,
  { holder, leaseMs, limit }: { readonly holder: string; readonly leaseMs: number; readonly limit: number },
): Promise<SourceHold[]> {
  const { rows: claimed } = await sql<SourceHold>`
    update millrace.source set
      token = source.token + 1, holder = ${holder}, lease_until = millrace.now() + ${leaseMs} * interval '1 ms',
      next_poll_at = null, asked = false
    where (tenant_id, environment, flow_id, node) in (
      select source.tenant_id, source.environment, source.flow_id, source.node
      from millrace.source join millrace.deployment using (tenant_id, environment, flow_id)
      where paused_at is null and (
        (next_poll_at is null and lease_until <= millrace.now())
        or (next_poll_at <= millrace.now()
          and (lease_until is null or lease_until <= millrace.now() or holder = ${holder})))
      order by next_poll_at nulls first limit ${limit} for update of source skip locked)
    returning ${holdColumns}`.execute(tx);
  return claimed;
}

/** Extends the leases of polls under way; answers those that are still held. Scanner's transaction. */
export async function extendSources(tx: Tx, holds: readonly SourceHold[], leaseMs: number): Promise<SourceHold[]> {
  const { rows: kept } = await sql<SourceHold>`
    update millrace.source set lease_until = millrace.now() + ${leaseMs} * interval '1 ms'
    from json_to_recordset(${rows(holds)}) as held
      (tenant uuid, environment text, "flowId" text, node text, token integer)
    where (source.tenant_id, source.environment, source.flow_id, source.node, source.token)
      = (held.tenant, held.environment, held."flowId", held.node, held.token) and source.next_poll_at is null
    returning ${holdColumns}`.execute(tx);
  return kept;
}

/** Whether the hold is good, and stays so until the end of the transaction. */
export async function confirmHold(tx: Tx, hold: SourceHold): Promise<boolean> {
  const { rows: held } = await sql`select from millrace.source where ${isHeld(hold)} for share`.execute(tx);
  return held.length > 0;
}

/** Gives the sources of a process that stops to whoever comes next. Scanner's transaction. */
export async function releaseSources(tx: Tx, holder: string): Promise<void> {
  await sql`
    update millrace.source set
      token = token + 1, holder = null, lease_until = null, next_poll_at = coalesce(next_poll_at, millrace.now())
    where holder = ${holder}`.execute(tx);
}
