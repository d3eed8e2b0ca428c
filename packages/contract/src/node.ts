import type { Static, TSchema } from 'typebox';
import type { Connection } from './connection.ts';
import type { ErrorData, Problem } from './error.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * What a node does to the world; decides what must be committed before it runs and whether it may be repeated.
 * - `pure`: computes; repeated freely
 * - `read`: looks outside; repeated freely
 * - `stored`: writes records; committed together with the run's transition, so exactly once
 * - `idempotent-write`: writes outside; a repeat with the same key does no harm
 * - `unsafe-write`: writes outside; a repeat may do it twice
 */
export type Effect = 'pure' | 'read' | 'stored' | 'idempotent-write' | 'unsafe-write';

/** How a step goes on. */
export type Result = Emit | Wait | Fail;
export interface Emit {
  readonly kind: 'emit';
  readonly port: string;
  readonly data: Json;
}
export interface Wait {
  readonly kind: 'wait';
  /** Where the signal arrives: a connection's id for watched connections, any name for signals by API. */
  readonly channel: string;
  /** Correlation key; at most one open wait per channel and key. */
  readonly key: string;
  /** Milliseconds after which the wait is overdue: an alert, and it stays open. */
  readonly dueAfterMs?: number;
  /** Milliseconds after which the wait ends through the `expired` port. */
  readonly expiresAfterMs?: number;
  /** What later waits on the same key may want to know of this one (`ctx.earlierWaits`). */
  readonly detail?: JsonObject;
}
export interface Fail {
  readonly kind: 'fail';
  readonly error: ErrorData;
}
/** A signal that is not for this wait: it is marked rejected with the reason, and the wait stays open. */
export interface Reject {
  readonly kind: 'reject';
  readonly reason: string;
}

export function emit(port: string, data: Json): Emit {
  return { kind: 'emit', port, data };
}
export function wait(options: Omit<Wait, 'kind'>): Wait {
  return { kind: 'wait', ...options };
}
export function fail(error: ErrorData): Fail {
  return { kind: 'fail', error };
}
export function reject(reason: string): Reject {
  return { kind: 'reject', reason };
}

/** An inbound event matched to a waiting step. */
export interface Signal {
  readonly id: string;
  readonly channel: string;
  readonly key: string;
  readonly payload: Json;
  /** Where it came from, for people. */
  readonly source: string;
  readonly receivedAt: Date;
}

export interface Log {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
}

/** A stored record with the version it had when it was read. */
export interface StoredRecord {
  readonly type: string;
  readonly id: string;
  readonly data: JsonObject;
  readonly version: number;
}

/** Records of the run's tenant and environment. Writes are buffered and take effect with the run's commit. */
export interface Records {
  get(type: string, id: string): Promise<StoredRecord | undefined>;
  /** Creates the record, or replaces its data where `id` exists and the type allows it. */
  put(type: string, id: string, data: JsonObject): Promise<StoredRecord>;
  /** Moves the record along its life cycle, setting fields with it. Fails with `TRANSITION_FORBIDDEN` naming what is allowed. */
  transition(type: string, id: string, to: string, set: JsonObject, why?: string): Promise<StoredRecord>;
}

/** What a node may use of the world. There is nothing else: no Postgres, no Express, no other pack. */
export interface NodeContext<ConnectionConfig = unknown> {
  readonly run: { readonly id: string; readonly startedAt: Date };
  readonly tenant: { readonly slug: string; readonly timeZone: string };
  readonly step: string;
  /** Equal on every retry, after every crash and on redrive. `ordinal` tells several effects of one node apart. */
  idempotencyKey(ordinal?: number): string;
  /** 1 on the first try. Not visible to expressions. */
  readonly attempt: number;
  /** The step may have been performed before: an earlier attempt failed or died before its outcome was known. */
  readonly repeated: boolean;
  /** Aborted when the run is cancelled, the lease is lost or the process drains. */
  readonly signal: AbortSignal;
  /** Time of the step's persisted activation: the same when the step runs again. */
  readonly now: Date;
  readonly log: Log;
  /** The bound connection, where the node's spec asks for one. */
  readonly connection: Connection<ConnectionConfig>;
  readonly records: Records;
  /** `fetch`, refusing addresses that the instance does not allow. */
  readonly fetch: (input: string, init?: RequestInit) => Promise<Response>;
  /** Details of earlier, closed waits on the channel and key of the resumed wait, oldest first. */
  readonly earlierWaits: readonly JsonObject[];
  /** Evaluates JSONata in the guarded evaluator: `$` is `input`; everything an expression sees here is bound. */
  evaluate(expression: string, input: Json): Promise<Json | undefined>;
  /** Checks data against a tenant's JSON Schema in the guarded evaluator; every problem with its pointer. */
  validate(schema: Json, data: Json): Promise<Problem[]>;
}

/** An executable example: run by the test suite, shown in the studio and in the reference. */
export interface Example {
  readonly title: string;
  readonly config: Json;
  readonly input: Json;
  /** What the node answers; `*` as a string stands for any value. */
  readonly expect:
    | { readonly port: string; readonly data: Json }
    | { readonly error: string }
    | { readonly waits: string };
  /** For nodes that call out by HTTP: what the other side answers in the example. */
  readonly http?: { readonly status: number; readonly body?: Json };
  /** Records that exist before. */
  readonly records?: readonly { readonly type: string; readonly id: string; readonly data: JsonObject }[];
}

interface Described<C extends TSchema> {
  /** `<pack>/<name>`; never changes. */
  readonly id: string;
  /** Version of the config's shape. */
  readonly version: number;
  readonly title: string;
  /** One sentence for the palette. */
  readonly summary: string;
  /** Markdown for the reference, where the summary does not say it all. */
  readonly docs?: string;
  /** Name of a Tabler icon (`transform`, `webhook`). */
  readonly icon: string;
  readonly config: C;
  /**
   * Ports with the schema of what they emit; the first is the ordinary one. A port marked by {@link Failure} fails the
   * step where no edge leaves it. Besides these every node has an `error` port.
   */
  readonly outputs: Readonly<Record<string, TSchema>>;
}

/** A node says everything about itself in one place: catalogue, form, reference and tests come from this object. */
export interface NodeSpec<C extends TSchema = TSchema, ConnectionConfig = unknown> extends Described<C> {
  /** Connection type that the node needs. */
  readonly connection?: string;
  readonly input: TSchema;
  /** Config list and field that name further ports, emitting what the first of `outputs` does (the cases of a branch). */
  readonly portsFrom?: { readonly list: string; readonly field: string };
  readonly effect: Effect;
  /** At least one. */
  readonly examples: readonly Example[];
  /** Config of version `from` in the shape of this version. */
  upgrade?(config: Json, from: number): Json;
  run(input: Json, config: Static<C>, ctx: NodeContext<ConnectionConfig>): Promise<Result> | Result;
  /** For nodes that wait: what a matched signal means. */
  resume?(
    signal: Signal,
    config: Static<C>,
    ctx: NodeContext<ConnectionConfig>,
  ): Promise<Result | Reject> | Result | Reject;
}

/** How a trigger is switched on by a deployment. */
export type Activation =
  | { readonly kind: 'manual' }
  | { readonly kind: 'route'; readonly method: 'POST' | 'PUT' | 'GET'; readonly path: string };

export interface TriggerSpec<C extends TSchema = TSchema> extends Described<C> {
  activation(config: Static<C>): Activation;
  readonly examples: readonly { readonly title: string; readonly config: Json; readonly payload: Json }[];
  upgrade?(config: Json, from: number): Json;
}

/** Declares a node; the identity function with the config's type inferred. */
export function defineNode<C extends TSchema, ConnectionConfig = unknown>(
  spec: NodeSpec<C, ConnectionConfig>,
): NodeSpec<C, ConnectionConfig> {
  return spec;
}

/** Declares a trigger; the identity function with the config's type inferred. */
export function defineTrigger<C extends TSchema>(spec: TriggerSpec<C>): TriggerSpec<C> {
  return spec;
}
