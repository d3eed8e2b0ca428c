import type { Json, JsonObject } from '@millrace/contract';
import type { RunState } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A run in the hands of one worker, as its row was when taken. */
export interface TakenRun {
  readonly id: string;
  readonly tenant: string;
  readonly tenantSlug: string;
  readonly timeZone: string;
  readonly environment: string;
  readonly flowId: string;
  readonly version: string;
  readonly parameters: JsonObject;
  readonly connections: Readonly<Record<string, string>>;
  readonly node: string;
  readonly trigger: { readonly payload: Json; readonly meta: JsonObject };
  readonly state: RunState | null;
  readonly wake: number;
  /** Every write carries it; once somebody else has taken the run it writes nothing. */
  readonly token: number;
  readonly startedAt: Date;
  /** The database's time of taking. */
  readonly now: Date;
  readonly cancel: boolean;
  /** Its worker died, or gave it back in mid-work: a step may have been performed without a trace. */
  readonly takenOver: boolean;
}

const columns = sql`
  run.id, run.tenant_id as tenant, tenant.slug as "tenantSlug", tenant.time_zone as "timeZone", run.environment,
  run.flow_id as "flowId", run.version, run.parameters, run.connections, run.trigger_node as node, run.trigger,
  run.state, run.wake, run.token, run.started_at as "startedAt", millrace.now() as now, run.cancel`;

/** Takes a run that is ready and that nobody holds. Nothing when it has ended, waits, or is held by a live lease. */
export async function takeRun(tx: Tx, id: string, holder: string, leaseMs: number): Promise<TakenRun | undefined> {
  const { rows } = await sql<TakenRun>`
    update millrace.run set
      token = token + 1, lease_holder = ${holder},
      lease_until = millrace.now() + ${leaseMs} * interval '1 ms', updated_at = millrace.now()
    from millrace.tenant
    where run.id = ${id} and tenant.id = run.tenant_id and run.status = 'running'
      and (run.lease_until is null or run.lease_until <= millrace.now())
    returning ${columns}, old.lease_holder is not null as "takenOver"`.execute(tx);
  return rows[0];
}

/** The run that `acceptRun` has just leased to `holder`. */
export async function takeAccepted(tx: Tx, id: string, holder: string): Promise<TakenRun | undefined> {
  const { rows } = await sql<TakenRun>`
    select ${columns}, false as "takenOver" from millrace.run join millrace.tenant on tenant.id = run.tenant_id
    where run.id = ${id} and run.lease_holder = ${holder} and run.token = 1 and run.status = 'running'`.execute(tx);
  return rows[0];
}
