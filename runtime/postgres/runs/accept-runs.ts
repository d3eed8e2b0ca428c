import type { Json, JsonObject } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { claimPayloads, type Given } from '../payloads/claim-payloads.ts';
import { together } from '../together.ts';
import { newId } from './ids.ts';
import { type Lease, ownColumns, type StartedWith, type TakenRun } from './take-runs.ts';

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
  /** Given where the run must be known before it is stored. */
  readonly id?: string;
  /** The run that called it. */
  readonly parent?: string;
  /** What its idempotency keys derive from, where that is not its own id. */
  readonly origin?: string;
}

export interface Accepted {
  readonly run: string;
  /** The event id had been accepted before; `run` is the run it started then. */
  readonly duplicate: boolean;
}

/** A run on its way in. `leased`: born in the hands of this process, which starts it at once. */
export interface Entry {
  readonly run: NewRun;
  readonly leased: boolean;
}

export interface Entered extends Accepted {
  /** The run as its holder starts it. */
  readonly taken?: TakenRun;
}

/**
 * Stores runs, whatever their number, in a few statements, with what they hold in the payload store. A run born leased is
 * found by the sweep if its holder dies; one that is not is ready for whoever looks next, or is held while its flow is paused.
 */
export async function acceptRuns(tx: Tx, entries: readonly Entry[], lease: Lease): Promise<Entered[]> {
  const named = entries.map((entry) => ({ ...entry, id: entry.run.id ?? newId() }));
  const [stored, winners] = await together([insertRuns(tx, named, lease), claimEvents(tx, named)]);
  await claimPayloads(tx, named.filter(({ id }) => (winners.get(id) ?? id) === id).map(given));
  return named.map(({ id }) => {
    const run = winners.get(id) ?? id;
    if (run !== id) return { run, duplicate: true };
    const taken = stored.get(id);
    return { run, duplicate: false, ...(taken && { taken }) };
  });
}

interface Named extends Entry {
  readonly id: string;
}

function given({ id, run: { tenant, payload } }: Named): Given {
  return { run: id, tenant, data: payload };
}

async function insertRuns(tx: Tx, entries: readonly Named[], lease: Lease): Promise<Map<string, TakenRun>> {
  const values = entries.map(({ id, leased, run: { payload, meta, eventId, ...run } }) => ({
    ...run,
    id,
    leased,
    trigger: { payload, meta },
  }));
  const { rows: inserted } = await sql<Omit<TakenRun, keyof StartedWith> & { readonly leased: boolean }>`
    with new as (
      select * from json_to_recordset(${rows(values)}) as new
        (id uuid, tenant uuid, environment text, "flowId" text, version text, parameters json, connections json,
         node text, trigger json, source text, parent uuid, origin uuid, leased boolean)
    ), run as (
      insert into millrace.run
        (id, tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source, parent,
         origin, held, lease_holder, lease_until)
      select id, tenant, environment, "flowId", version, parameters, connections, node, trigger, source, parent, origin,
        paused, case when leased and not paused then ${lease.holder} end,
        case when leased and not paused then millrace.now() + ${lease.ms} * interval '1 ms' end
      from new cross join lateral (
        select exists (
          select from millrace.deployment where (tenant_id, environment, flow_id) = (tenant, new.environment, "flowId")
            and paused_at is not null) as paused) as flow
      returning *
    )
    select ${ownColumns}, false as "takenOver", lease_until is not null as leased
    from run join millrace.tenant on tenant.id = run.tenant_id`.execute(tx);
  const startedWith = new Map(
    values.map(({ id, parameters, connections, trigger }) => [id, { parameters, connections, trigger }]),
  );
  const leased = inserted.filter((run) => run.leased);
  return new Map(leased.map((run) => [run.id, { ...run, ...(startedWith.get(run.id) as StartedWith) }]));
}

/**
 * First come, first served: whoever loses waits for the winner's commit and gets the winner's run. An event that comes again
 * is remembered from then on, so that what a source sees at every poll is never forgotten and taken for new.
 */
async function claimEvents(tx: Tx, entries: readonly Named[]): Promise<Map<string, string>> {
  const claims = entries.filter(({ run }) => run.eventId !== undefined);
  if (claims.length === 0) return new Map();
  const values = claims.map(({ id, run: { payload, meta, parameters, connections, ...run } }) => ({ ...run, id }));
  const { rows: claimed } = await sql<{ id: string; winner: string }>`
    with new as (
      select * from json_to_recordset(${rows(values)}) as new
        (id uuid, tenant uuid, environment text, "flowId" text, node text, "eventId" text)
    ), claimed as (
      insert into millrace.trigger_event (tenant_id, environment, flow_id, node, event_id, run_id)
      select tenant, environment, "flowId", node, "eventId", id from new
      order by tenant, environment, "flowId", node, "eventId"
      on conflict (tenant_id, environment, flow_id, node, event_id) do update set at = excluded.at
      returning *
    )
    select new.id, claimed.run_id as winner from new join claimed
      on (claimed.tenant_id, claimed.environment, claimed.flow_id, claimed.node, claimed.event_id)
        = (new.tenant, new.environment, new."flowId", new.node, new."eventId")`.execute(tx);
  const losers = claimed.filter(({ id, winner }) => id !== winner).map(({ id }) => id);
  if (losers.length > 0) await sql`delete from millrace.run where id = any(${losers}::uuid[])`.execute(tx);
  return new Map(claimed.map(({ id, winner }) => [id, winner]));
}

/** What two runs of one write must not have in common: an event id, of which only one may win. */
export function eventKeys({ tenant, environment, flowId, node, eventId }: NewRun): string[] {
  return eventId === undefined ? [] : [JSON.stringify([tenant, environment, flowId, node, eventId])];
}
