import type { Json, JsonObject } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

export interface NewRun {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  readonly version: string;
  readonly parameters: JsonObject;
  /** Slot → connection id. */
  readonly connections: Readonly<Record<string, string>>;
  readonly node: string;
  readonly payload: Json;
  readonly meta: JsonObject;
  /** Who or what started it, for people. */
  readonly source: string;
  /** The same id, flow and trigger node is the same run. */
  readonly eventId?: string;
}

export interface Accepted {
  readonly run: string;
  /** The event id had been accepted before; `run` is the run it started then. */
  readonly duplicate: boolean;
}

/** Stores a run, born leased to `holder`, which starts it at once; if it dies, the expired lease is found by the sweep. */
export async function acceptRun(tx: Tx, run: NewRun, holder: string, leaseMs: number): Promise<Accepted> {
  const inserted = await sql<{ id: string }>`
    insert into millrace.run
      (tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source,
       lease_holder, lease_until)
    values
      (${run.tenant}, ${run.environment}, ${run.flowId}, ${run.version}, ${json(run.parameters)},
       ${json(run.connections)}, ${run.node}, ${json({ payload: run.payload, meta: run.meta })}, ${run.source},
       ${holder}, millrace.now() + ${leaseMs} * interval '1 ms')
    returning id`.execute(tx);
  const id = (inserted.rows[0] as { id: string }).id;
  if (run.eventId === undefined) return { run: id, duplicate: false };
  return claimEvent(tx, run, run.eventId, id);
}

/** First come, first served: whoever loses the insert waits for the winner's commit and gets the winner's run. */
async function claimEvent(tx: Tx, run: NewRun, eventId: string, id: string): Promise<Accepted> {
  const claimed = await sql<{ run_id: string }>`
    insert into millrace.trigger_event (tenant_id, environment, flow_id, node, event_id, run_id)
    values (${run.tenant}, ${run.environment}, ${run.flowId}, ${run.node}, ${eventId}, ${id})
    on conflict (tenant_id, environment, flow_id, node, event_id) do update set event_id = excluded.event_id
    returning run_id`.execute(tx);
  const winner = (claimed.rows[0] as { run_id: string }).run_id;
  if (winner === id) return { run: id, duplicate: false };
  await sql`delete from millrace.run where id = ${id}`.execute(tx);
  return { run: winner, duplicate: true };
}
