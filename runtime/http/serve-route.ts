import { type Json, MillraceError, type Problem, writeJson } from '@millrace/contract';
import type { Request, Response, Router } from 'express';
import Type, { type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Action, specOfAction } from '../auth/actions.ts';
import type { Caller, Identity } from '../auth/auth.ts';
import { demandsOn } from '../auth/demands.ts';
import { type Author, theInstance } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import { answerEarly } from './answer-early.ts';
import { readBody } from './body.ts';
import { type ErrorReply, errorReply, notFound } from './errors.ts';
import type { Held, HeldBodies } from './held-bodies.ts';
import { isStorable } from './payload.ts';
import type { Api, Call, Reply, Route } from './route.ts';
import { requireSameOrigin } from './same-origin.ts';

/** Puts a declared route on the router: who asks, what is asked, and is it well-formed; then the handler. */
export function serveRoute(router: Router, route: Route, api: Api, bodies: HeldBodies, draining: AbortSignal): void {
  router[route.method](route.path, async (request, response) => {
    const held = bodies.open();
    try {
      const call = await callOf(route, request, api, held);
      const bounded = { ...api, database: databaseFor(route, call, api) };
      send(response, await route.handle(call, bounded), route.stream !== undefined);
      if (request.method === 'HEAD') response.end();
      else route.stream?.(call, bounded, response, draining);
    } catch (thrown) {
      sendError(response, thrown, api);
    } finally {
      held.release();
    }
  });
}

/** No tenant's slug is so: those who need not say who they are wait as one. */
const strangers = '';

async function callOf(route: Route, request: Request, api: Api, held: Held): Promise<Call<unknown, unknown, unknown>> {
  // Whoever may not ask learns nothing about what there is, and uploads nothing.
  const identity = route.action === 'anybody' ? undefined : await allowed(route.action, request, api);
  return {
    // A role in a tenant comes with the tenant, so that whoever may do something there has one.
    identity: identity as Identity,
    author: authorOf(identity, request.ip),
    params: checkedParams(route.params, request.params),
    query: checkedQuery(route.query, request.query),
    body: route.body && checkedBody(route.body, await readBody(request, held, identity?.tenant?.slug ?? strangers)),
    raw: request,
  };
}

/**
 * A route writes only where its action says so, and what it changes not without an entry in the audit. What anybody may ask
 * for names itself in whose name it writes.
 */
function databaseFor(
  { action }: Route,
  { author }: Pick<Call<unknown, unknown, unknown>, 'author'>,
  api: Api,
): Database {
  const kind = action === 'anybody' ? 'brings' : specOfAction(action).kind;
  if (kind === 'reads') return api.database.reading();
  return kind === 'changes' ? api.database.by(author) : api.database;
}

function authorOf(identity: Caller | undefined, address: string | undefined): Author {
  if (!identity) return { ...theInstance, address: address ?? null };
  const { id, name: who } = identity.author;
  return { who, id, by: identity.by === 'key' ? 'key' : 'person', address: address ?? null };
}

async function allowed(action: Action, request: Request, api: Api): Promise<Caller> {
  const identity = await identify(request, api);
  demandsOn(identity)(action);
  return identity;
}

async function identify(request: Request, api: Api): Promise<Caller> {
  const identity = await api.auth.authenticate(request.headers);
  if (!identity)
    throw new MillraceError(
      'UNAUTHENTICATED',
      'Send an API key (“Authorization: Bearer …” or “x-api-key”), or sign in.',
      {
        category: 'auth',
      },
    );
  if (identity.by === 'cookie') requireSameOrigin(request);
  return identity;
}

/** An address that cannot name anything names nothing. */
function checkedParams(schema: TSchema | undefined, params: Record<string, unknown>): unknown {
  const fits = Object.values(params).every((text) => typeof text === 'string' && isStorable(text));
  if (!fits || (schema && !Value.Check(schema, params))) throw notFound('This address');
  return params;
}

/** Texts become numbers where the schema says so; a name that the route does not know is refused, not ignored. */
function checkedQuery(schema: TSchema | undefined, query: unknown): unknown {
  const known = schema ?? Type.Object({}, { additionalProperties: false });
  const texts = query as Readonly<Record<string, unknown>>;
  const unstorable = Object.entries(texts).find(([name, text]) => !isStorable(`${name}${text}`));
  if (unstorable) {
    const [name] = unstorable;
    throw invalid('query', [{ code: 'TEXT_NOT_STORABLE', pointer: `/${name}`, message: 'It holds a NUL character.' }]);
  }
  return checked(known, Value.Default(known, withNumbers(known, texts)), 'query');
}

function withNumbers(schema: TSchema, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  const entries = Object.entries(query).map(([name, text]) => {
    const isNumber = properties[name]?.type === 'integer' && /^-?\d{1,15}$/.test(String(text));
    return [name, isNumber ? Number(text) : text];
  });
  return Object.fromEntries(entries);
}

function checkedBody(schema: TSchema, body: Json): unknown {
  return checked(schema, body, 'body');
}

function checked(schema: TSchema, value: unknown, part: 'query' | 'body'): unknown {
  if (Value.Check(schema, value)) return value;
  const problems = Value.Errors(schema, value).map(({ instancePath, message }) => ({
    code: 'BAD_VALUE',
    pointer: instancePath,
    message: `It ${message}.`,
  }));
  throw invalid(part, problems);
}

function invalid(part: 'query' | 'body', problems: readonly Problem[]): MillraceError {
  const [first] = problems;
  return new MillraceError(
    'BAD_REQUEST',
    `The ${part} does not fit this operation${first ? `, first at “${first.pointer}”` : ''}.`,
    {
      ...(first && { pointer: first.pointer }),
      problems,
    },
  );
}

function send(response: Response, { status, body, text, headers }: Reply, open = false): void {
  response
    .status(status)
    .set('cache-control', 'no-store')
    .set(headers ?? {});
  if (open) response.flushHeaders();
  else if (body === undefined && text === undefined) response.end();
  else response.type('application/json').send(text ?? writeJson(body as Json));
}

/** @param put the answer otherwise, where whoever asks needs it so */
export function sendError(
  response: Response,
  thrown: unknown,
  api: Pick<Api, 'log'>,
  put: (reply: ErrorReply) => ErrorReply = (reply) => reply,
): void {
  if (response.headersSent) return void response.destroy();
  const reply = put(errorReply(thrown, api.log));
  if (response.req.complete) send(response, reply);
  else answerEarly(response, reply);
}
