import type { Static, TSchema } from 'typebox';
import type { Blobs } from './blob.ts';
import type { Connection } from './connection.ts';
import type { Json, JsonObject } from './json.ts';
import type { Described, Log, NodeContext } from './node.ts';

/** How a trigger is switched on by a deployment. */
export type Activation =
  /** By hand, by the command line, or by a flow that calls this one. */
  | { readonly kind: 'manual' }
  | Route
  | Schedule
  /** `poll` is called by the one process that holds the source's lease. */
  | { readonly kind: 'source'; readonly everyMs: number }
  /** Every `publish` to the topic in the same tenant and environment. */
  | { readonly kind: 'event'; readonly topic: string };

export interface Route {
  readonly kind: 'route';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments between slashes; `:name` stands for any one segment, which the run sees in `$trigger.params`. */
  readonly path: string;
}

export interface Schedule {
  readonly kind: 'schedule';
  /** Five fields (minute hour day month weekday), or an RFC 5545 recurrence rule. */
  readonly rule: { readonly cron: string } | { readonly rrule: string };
  /** IANA zone; the tenant's where none is named. */
  readonly timeZone?: string;
  /** What becomes of times that passed while nobody was there: left out, made up for by one run, or by all of them. */
  readonly missed: 'skip' | 'once' | 'all';
  /** What happens when the run before is still under way: left out, or started all the same. */
  readonly overlap: 'skip' | 'start';
  /** What every run starts with; an empty object where it is left out. */
  readonly payload?: Json;
}

/** A request to a route, before anything of it is believed. */
export interface InboundRequest {
  readonly method: string;
  /** The whole path with query, as it was sent. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body's bytes as they were sent, after decompression. */
  readonly body: Uint8Array;
}

/** Whether a request comes from whom it must; the reason of a refusal is logged, and never told to the sender. */
export type Authentication =
  /** `eventId`: given by the signature's scheme. */
  { readonly ok: true; readonly eventId?: string } | { readonly ok: false; readonly reason: string };

/** Something that starts a run. */
export interface Arrival {
  readonly payload: Json;
  /** What `$trigger` shows besides the payload. */
  readonly meta?: JsonObject;
  /** The same id at the same trigger is the same run. */
  readonly eventId?: string;
  /** Who or what brought it, for people: a file's name, a message id. */
  readonly source: string;
}

/** What a polled trigger may use of the world. */
export interface PollContext<ConnectionConfig = unknown>
  extends Pick<NodeContext<ConnectionConfig>, 'tenant' | 'signal' | 'now' | 'fetch' | 'evaluate'> {
  readonly log: Log;
  readonly connection: Connection<ConnectionConfig>;
  readonly blobs: Blobs;
  /** What was saved last; nothing on the first poll. */
  readonly cursor: Json | undefined;
  /** Remembers how far the source has been read, durably. */
  saveCursor(cursor: Json): Promise<void>;
  /** Resolves when the run is durable: only then may the source be told, moved or deleted. */
  accept(arrival: Arrival): Promise<{ readonly run: string; readonly duplicate: boolean }>;
}

/** What starts runs, described in one place like a node. */
export interface TriggerSpec<C extends TSchema = TSchema, ConnectionConfig = unknown> extends Described<C> {
  activation(config: Static<C>): Activation;
  /** For routes: checks the sender. Without it everybody may send. */
  authenticate?(
    request: InboundRequest,
    config: Static<C>,
    ctx: { readonly connection: Connection<ConnectionConfig> | undefined; readonly now: Date },
  ): Authentication;
  /**
   * For routes: whether what a known sender has sent may be taken, once it is read. A refusal is answered like one of
   * `authenticate`; data that does not even tell is an error.
   */
  admit?(payload: Json, config: Static<C>, ctx: { readonly now: Date }): Authentication;
  /** For sources: looks once, and accepts what has come. */
  poll?(config: Static<C>, ctx: PollContext<ConnectionConfig>): Promise<void>;
  readonly examples: readonly { readonly title: string; readonly config: Json; readonly payload: Json }[];
  upgrade?(config: Json, from: number): Json;
}

/** Declares a trigger; the identity function with the config's type inferred. */
export function defineTrigger<C extends TSchema, ConnectionConfig = unknown>(
  spec: TriggerSpec<C, ConnectionConfig>,
): TriggerSpec<C, ConnectionConfig> {
  return spec;
}
