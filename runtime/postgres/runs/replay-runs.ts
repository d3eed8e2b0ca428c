import type { Json, JsonObject } from '@millrace/contract';
import type { RunState } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';
import type { WakeUp } from './wake-up.ts';

/** A run that may be replayed. */
export interface ReplayedRun {
  readonly flowId: string;
  readonly environment: string;
  readonly version: string;
  readonly status: 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  readonly node: string;
  readonly trigger: { readonly payload: Json; readonly meta: JsonObject };
  readonly startedAt: Date;
  /** The run whose idempotency keys it uses, and their generation. */
  readonly origin: string;
  readonly generation: number;
}

/** What a run runs on. */
export interface Serving {
  readonly version: string;
  readonly parameters: JsonObject;
  /** Slot → connection id. */
  readonly connections: Readonly<Record<string, string>>;
}

export interface NewReplay {
  readonly id: string;
  /** The run that it replays: it has that one's version, parameters and connections, where no others are given. */
  readonly of: string;
  readonly on?: Serving;
  readonly state: RunState;
  readonly payload: Json;
  readonly source: string;
  readonly origin: string;
  readonly generation: number;
}

/** Of the archive too. */
export async function loadReplayedRun(tx: Tx, id: string): Promise<ReplayedRun | undefined> {
  const { rows } = await sql<ReplayedRun>`
    select flow_id as "flowId", environment, version, status, trigger_node as node, trigger, started_at as "startedAt",
      coalesce(origin, id) as origin, generation
    from millrace.all_runs where id = ${id}`.execute(tx);
  return rows[0];
}

/** Sets our locks apart from those of others that use the same database. */
const lockSeed = 4_031_966;

/** A generation of keys that no run has used; two who ask at once get one after the other. */
export async function nextGeneration(tx: Tx, origin: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${origin}, ${lockSeed}))`.execute(tx);
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(generation), 0) + 1 as next from millrace.all_runs where origin = ${origin}`.execute(tx);
  return rows[0]?.next ?? 1;
}

/** Stores the new run, ready for whoever takes it, or held while its flow is paused. */
export async function insertReplay(tx: Tx, replay: NewReplay): Promise<WakeUp | undefined> {
  const { rows } = await sql<WakeUp>`
    insert into millrace.run
      (id, tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source, state,
       origin, generation, held)
    select ${replay.id}::uuid, tenant_id, environment, flow_id, coalesce(${replay.on?.version ?? null}, version),
      coalesce(${json(replay.on?.parameters)}::json, parameters),
      coalesce(${json(replay.on?.connections)}::json, connections), trigger_node,
      json_build_object('payload', ${json(replay.payload)}::json, 'meta', trigger -> 'meta'), ${replay.source},
      ${json(replay.state)}::json, ${replay.origin}::uuid, ${replay.generation}::int,
      exists (
        select from millrace.deployment
        where (tenant_id, environment, flow_id) = (old.tenant_id, old.environment, old.flow_id)
          and paused_at is not null)
    from millrace.all_runs as old where id = ${replay.of} and status in ('succeeded', 'failed', 'cancelled')
    returning id as run, tenant_id as tenant`.execute(tx);
  return rows[0];
}
