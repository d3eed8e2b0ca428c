import type { Static, TSchema } from 'typebox';
import type { BlobRef, Blobs } from './blob.ts';
import type { Connection } from './connection.ts';
import type { ErrorData, Problem } from './error.ts';
import type { Json, JsonObject } from './json.ts';
import type { ChosenMapping } from './mapping.ts';
import type { RecordSets, Records } from './records.ts';

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
export type Result = Emit | Wait | Fail | Each | Pass;
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
  /** Port on which the step passes its input on when the wait expires, instead of telling of it on `expired`. */
  readonly passesOnAfter?: string;
  /** What later waits on the same key may want to know of this one (`ctx.earlierWaits`). */
  readonly detail?: JsonObject;
}
export interface Fail {
  readonly kind: 'fail';
  readonly error: ErrorData;
}
/** The step's body runs once for each item; the step emits the ordered list of what the passes gave on its first port. */
export interface Each {
  readonly kind: 'each';
  /** The items, or a blob of JSON lines that is read as the passes go along. */
  readonly items: readonly Json[] | BlobRef;
  /** Passes at once; 1 keeps the order of effects too. */
  readonly concurrency: number;
  /** `continue`: the other passes go on, and at the end the step emits on its `partial` port what failed. */
  readonly onItemError: 'stop' | 'continue';
}
/** The step's body runs once more; what it gives goes to the node's `passEnded`. */
export interface Pass {
  readonly kind: 'pass';
  readonly input: Json;
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
export function each(options: Omit<Each, 'kind'>): Each {
  return { kind: 'each', ...options };
}
export function pass(input: Json): Pass {
  return { kind: 'pass', input };
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
  /** The clock itself, for what is done outside: another time when the step runs again. */
  readonly clock: { now(): Date };
  readonly log: Log;
  /** The bound connection, where the node's spec asks for one. */
  readonly connection: Connection<ConnectionConfig>;
  readonly records: Records;
  /** Many records at once, and numbers without gaps. Only for nodes whose effect is `idempotent-write`. */
  readonly recordSets: RecordSets;
  /** Files and long lists, kept apart from the run's data. */
  readonly blobs: Blobs;
  /** Runs that begin with the commit of this step, exactly once. Only for nodes whose effect is `stored`. */
  readonly runs: StartedRuns;
  /** Alerts that are raised and closed with the commit of this step. Only for nodes whose effect is `stored`. */
  readonly alerts: Alerts;
  /** `fetch`, refusing addresses that the instance does not allow. */
  readonly fetch: (input: string, init?: RequestInit) => Promise<Response>;
  /** Details of the latest earlier, closed waits on the channel and key of the resumed wait, oldest first; at most 1,000. */
  earlierWaits(): Promise<readonly JsonObject[]>;
  /** Evaluates JSONata in the guarded evaluator: `$` is `input`; everything an expression sees here is bound. */
  evaluate(expression: string, input: Json): Promise<Json | undefined>;
  /**
   * The flow's mapping in layers, for the version of the other system's data that is asked for: the latest active one where
   * none is. Its layers and the tenant's own lines are one text.
   * @throws {MillraceError} `MAPPING_VERSION_UNSUPPORTED`
   */
  mapping(name: string, asked?: string): Promise<ChosenMapping>;
  /** Checks data against a tenant's JSON Schema in the guarded evaluator; every problem with its pointer. */
  validate(schema: Json, data: Json): Promise<Problem[]>;
}

/** Starts runs of the same tenant and environment, and answers for its own; both hold once the step's transition is committed. */
export interface StartedRuns {
  /**
   * Starts the deployed version of a flow at a trigger that other flows may call; answers the new run's id. Its end comes as
   * a signal on channel `run` with that key, unless it is detached: then it goes its own way.
   */
  call(flowId: string, payload: Json, how?: { readonly detached?: boolean }): Promise<string>;
  /** Starts a run of every deployed flow that listens to the topic. */
  publish(topic: string, payload: Json): Promise<void>;
  /** Answers the request that started this run, once the step's transition is committed. The first answer of a run counts. */
  respond(answer: RunAnswer): void;
}

/** What a flow has somebody told of. As long as the alert about a thing is open, the same is not raised again. */
export interface Alerts {
  /** @throws {MillraceError} `ALERT_CODE_RESERVED` where Millrace itself raises alerts under the code */
  raise(alert: RaisedAlert): void;
  /** Closes the alert of the flow about the thing, if one is open. */
  close(subject: Pick<RaisedAlert, 'code' | 'about'>): void;
}

export interface RaisedAlert {
  /** What programs recognise it by, in capitals: `STOCK_DRIFT`. */
  readonly code: string;
  readonly severity: 'warning' | 'high';
  /** One sentence for people. */
  readonly message: string;
  /** Which of the things that it can be about; empty where there is but one. */
  readonly about: string;
}

/** What a run answers to the request that started it. */
export interface RunAnswer {
  /** HTTP status, 200 to 599. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text is sent as it is, a {@link BlobRef} with its content and type, null is no body, anything else is sent as JSON. */
  readonly body: Json;
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
  /** What is chosen of the flow's mappings, by their names. */
  readonly mappings?: Readonly<Record<string, ChosenMapping>>;
  /** Records that exist before. */
  readonly records?: readonly { readonly type: string; readonly id: string; readonly data: JsonObject }[];
}

/** What nodes and triggers have in common. */
export interface Described<C extends TSchema> {
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
  /** Connection type that it needs. */
  readonly connection?: string;
  /** It works without the connection too: always, or with a config that fits this schema. */
  readonly connectionOptional?: true | TSchema;
  readonly config: C;
  /**
   * Ports with the schema of what they emit; the first is the ordinary one. A port marked by {@link Failure} fails the
   * step where no edge leaves it. Besides these every node has an `error` port.
   */
  readonly outputs: Readonly<Record<string, TSchema>>;
}

/** Config fields that hold a mapping of the input: an expression or a field map, and the JSON Schema that it must fit. */
export interface MappingFields {
  readonly expression: string;
  readonly fields: string;
  readonly target: string;
}

/** A node says everything about itself in one place: catalogue, form, reference and tests come from this object. */
export interface NodeSpec<C extends TSchema = TSchema, ConnectionConfig = unknown> extends Described<C> {
  readonly input: TSchema;
  /** The node has a body: nodes that name it as `parent`, run by its {@link Each} and {@link Pass} results. */
  readonly body?: true;
  /** A remark in the flow: it is never run and has no ports, so no edge may lead to it and nothing need reach it. */
  readonly annotation?: true;
  /** Config list and field that name further ports, emitting what the first of `outputs` does (the cases of a branch). */
  readonly portsFrom?: { readonly list: string; readonly field: string };
  readonly mapping?: MappingFields;
  /** Of the strongest use of the node; see {@link effectOf}. */
  readonly effect: Effect;
  /**
   * The effect of one use of the node, where it is weaker than `effect` and the config says so. Asked with the config as
   * it is written, before any expression is evaluated: only fields that hold no expression may decide.
   */
  effectOf?(config: JsonObject): Effect;
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
  /** For nodes that answer {@link Pass}: what follows from what the body gave. `index` counts passes from 0. */
  passEnded?(
    output: Json,
    index: number,
    config: Static<C>,
    ctx: NodeContext<ConnectionConfig>,
  ): Promise<Result> | Result;
}

/** Declares a node; the identity function with the config's type inferred. */
export function defineNode<C extends TSchema, ConnectionConfig = unknown>(
  spec: NodeSpec<C, ConnectionConfig>,
): NodeSpec<C, ConnectionConfig> {
  return spec;
}
