import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';
import { rows } from '../json.ts';

export interface NewSource {
  readonly node: string;
  /** Of the trigger. */
  readonly type: string;
  /** Id of the connection that it is polled through. */
  readonly connection: string | null;
  readonly everyMs: number;
}

/**
 * The sources of a deployment in place of those before it. Each is polled at once, with its new config; a poll under way
 * loses its hold. The cursor stays, unless it is one of another trigger or connection.
 */
export async function replaceSources(tx: Tx, place: FlowPlace, sources: readonly NewSource[]): Promise<void> {
  const { tenant, environment, flowId } = place;
  await sql`
    delete from millrace.source where environment = ${environment} and flow_id = ${flowId}
      and not node = any(${sources.map(({ node }) => node)}::text[])`.execute(tx);
  if (sources.length === 0) return;
  await sql`
    insert into millrace.source (tenant_id, environment, flow_id, node, type, connection, every_ms)
    select ${tenant}::uuid, ${environment}, ${flowId}, node, type, connection, "everyMs"
    from json_to_recordset(${rows(sources)}) as new (node text, type text, connection text, "everyMs" bigint)
    on conflict (tenant_id, environment, flow_id, node) do update set
      type = excluded.type, connection = excluded.connection, every_ms = excluded.every_ms,
      cursor = case when (source.type, source.connection) is not distinct from (excluded.type, excluded.connection)
        then source.cursor end,
      token = source.token + 1, holder = null, lease_until = null, next_poll_at = millrace.now(), asked = false,
      failures = 0, failing_since = null, last_error = null`.execute(tx);
}
