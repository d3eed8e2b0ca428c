import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Static, TSchema } from 'typebox';
import type { Action } from '../auth/actions.ts';
import type { Auth, Identity } from '../auth/auth.ts';
import type { Engine, Foundation } from '../engine/engine.ts';
import type { Suites } from '../flow-tests/suites.ts';
import type { PrometheusMetrics } from '../metrics/prometheus.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { ShippedTemplate } from '../templates/shipped.ts';

/** What the routes stand on. */
export interface Api extends Foundation {
  readonly metrics: PrometheusMetrics;
  readonly engine: Engine;
  readonly auth: Auth;
  /** Runs the tests of flows. */
  readonly suites: Suites;
  /** The templates that come with Millrace. */
  readonly shipped: () => readonly ShippedTemplate[];
  /** Version of Millrace. */
  readonly version: string;
  /** Address under which others reach the instance, without a slash at its end; where absent, the one they used. */
  readonly publicUrl?: string | undefined;
  /** On loopback the studio gets a session for the tenant `demo` without signing in. */
  readonly demo: boolean;
}

/** What a handler gets: checked input, and whom it comes from. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Of the caller; a route for anybody must not look, one for the instance's owner not at the tenant. */
  readonly identity: Identity;
  /** The caller, as the audit names it. */
  readonly author: Author;
  readonly raw: IncomingMessage;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** JSON text to be sent as it is, instead of a body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a status means, and the shape of what comes with it. */
export interface Answer {
  readonly description: string;
  readonly schema?: TSchema;
  /** `application/json` unless said otherwise. */
  readonly mediaType?: string;
}

/** One operation of the API. Validation, handling and the OpenAPI document all come from this object. */
export interface Route<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema> {
  readonly method: 'get' | 'post' | 'put';
  /** Below `/api/v1`, parameters as `:name`. */
  readonly path: string;
  /** What whoever asks must be allowed to do; `anybody` for what may be asked without a key or session. */
  readonly action: Action | 'anybody';
  /** Group in the reference. */
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** An address whose parameters do not fit names nothing: 404. */
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** By status; errors all have one shape and are described once. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** @param api whose database writes in the caller's name where the action changes something, and not at all otherwise */
  handle(call: Call<Static<P>, Static<Q>, Static<B>>, api: Api): Promise<Reply> | Reply;
  /** For an answer that goes on: writes to the response after `handle`'s status and headers were sent, and ends when the process drains. */
  stream?(call: Call<Static<P>, Static<Q>, Static<B>>, api: Api, response: ServerResponse, draining: AbortSignal): void;
}

/** Declares a route; the identity function with the input types inferred. */
export function route<P extends TSchema, Q extends TSchema, B extends TSchema>(spec: Route<P, Q, B>): Route {
  return spec;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}
