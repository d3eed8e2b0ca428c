import type { Json, JsonObject } from '@millrace/contract';
import type { RunState } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { flowIsPaused } from '../flows/pause.ts';
import { rows } from '../json.ts';
import type { Claimed } from './claim-ready.ts';

/** By whom, and for how long, a run is held. */
export interface Lease {
  readonly holder: string;
  readonly ms: number;
}

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
  /** Commits so far. */
  readonly revision: number;
  /** Workers that were lost with it since its last commit. */
  readonly takeovers: number;
  /**
   * What its idempotency keys derive from, and their generation: its own id, that of the run that it replays, or what
   * stands for the call that started it.
   */
  readonly origin: string;
  readonly generation: number;
  readonly parent: string | null;
  readonly startedAt: Date;
  /** The database's time of taking. */
  readonly now: Date;
  readonly cancel: boolean;
  /** It had failed, and goes on from the step at which it did. */
  readonly redrive: boolean;
  /** Its worker died, or gave it back in mid-work: a step may have been performed without a trace. */
  readonly takenOver: boolean;
}

/** What a run was started with: whoever has just stored it knows that, and need not read it again. */
export type StartedWith = Pick<TakenRun, 'parameters' | 'connections' | 'trigger'>;

/** Of `run` and `tenant`, without {@link StartedWith}. */
export const ownColumns = sql`
  run.id, run.tenant_id as tenant, tenant.slug as "tenantSlug", tenant.time_zone as "timeZone", run.environment,
  run.flow_id as "flowId", run.version, run.trigger_node as node, run.state, run.wake, run.token, run.revision,
  run.takeovers, coalesce(run.origin, run.id) as origin, run.generation, run.parent, run.redrive, run.started_at as "startedAt", millrace.now() as now, run.cancel`;

/** Of `run` and `tenant`. */
const runColumns = sql`${ownColumns}, run.parameters, run.connections, run.trigger`;

/** Runs that are `ready`, or for which this transaction knows that something has come though they wait. */
export type Standing = 'ready' | 'roused';

const statuses: Readonly<Record<Standing, readonly string[]>> = { ready: ['running'], roused: ['running', 'waiting'] };

/**
 * Takes those of the runs that nobody holds; the others have ended, are paused, or are held by a live lease.
 * @param doubtful runs that the holder itself may have taken under these tokens without having learnt of it
 */
export async function takeRuns(
  tx: Tx,
  ids: readonly string[],
  { holder, ms }: Lease,
  standing: Standing = 'ready',
  doubtful: readonly { readonly run: string; readonly token: number }[] = [],
): Promise<TakenRun[]> {
  if (ids.length === 0) return [];
  const { rows: taken } = await sql<TakenRun>`
    update millrace.run set
      status = 'running', token = token + 1, lease_holder = ${holder}, lease_until = millrace.now() + ${ms} * interval '1 ms',
      takeovers = takeovers + case when lease_until <= millrace.now() then 1 else 0 end
    from millrace.tenant
    where tenant.id = run.tenant_id and run.status = any(${statuses[standing]}) and not run.held
      and (run.cancel or not ${flowIsPaused})
      and (run.lease_until is null or run.lease_until <= millrace.now() or (run.lease_holder = ${holder}
        and (run.id, run.token) in (select * from json_to_recordset(${rows(doubtful)}) as doubt (run uuid, token int))))
      and run.id in (select id from millrace.run where id = any(${ids}::uuid[]) order by id for update skip locked)
    returning ${runColumns}, old.lease_holder is not null as "takenOver"`.execute(tx);
  return taken;
}

/** The runs that this process has just claimed. */
export async function loadTaken(tx: Tx, claimed: readonly Claimed[]): Promise<TakenRun[]> {
  const { rows: taken } = await sql<TakenRun>`
    select ${runColumns}, claimed."takenOver"
    from json_to_recordset(${rows(claimed)}) as claimed (run uuid, token int, "takenOver" boolean)
    join millrace.run on run.id = claimed.run and run.token = claimed.token
    join millrace.tenant on tenant.id = run.tenant_id`.execute(tx);
  return taken;
}
