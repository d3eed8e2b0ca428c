import { createHash } from 'node:crypto';
import { type Json, writeJson } from '@millrace/contract';
import Type from 'typebox';
import { listSignals } from '../postgres/queries/list-signals.ts';
import { ok, route } from './route.ts';
import { Environment, Limit, orNull, Time, Uuid } from './schemas.ts';

const states = ['kept', 'matched', 'accepted', 'rejected', 'duplicate', 'late', 'malformed'] as const;
const State = Type.Union(states.map((state) => Type.Literal(state)));
const Wanted = Type.Enum([...states, 'unmatched'], {
  description: '`unmatched`: those that nobody has taken, which are kept, late, rejected or malformed',
});

export const signalRoutes = [
  route({
    method: 'get',
    path: '/signals',
    action: 'signals.read',
    tag: 'Signals',
    summary: 'Signals of whatever fate, newest first',
    query: Type.Object(
      {
        state: Type.Optional(Wanted),
        key: Type.Optional(Type.String()),
        environment: Type.Optional(Environment),
        limit: Limit,
        before: Type.Optional(Uuid),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description:
          'A page, early, duplicate, late and malformed ones too; `next` is the `before` of the following one',
        schema: Type.Object({
          signals: Type.Array(
            Type.Object({
              id: Uuid,
              environment: Type.String(),
              channel: Type.String(),
              key: orNull(Type.String()),
              source: Type.String(),
              state: State,
              reason: orNull(Type.String()),
              payload: Type.Unknown(),
              receivedAt: Time,
              runId: orNull(Uuid),
            }),
          ),
          next: orNull(Uuid),
        }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const filter = { ...query, limit: query.limit ?? 50 };
      const rows = await database.asTenants([tenant.id], (tx) => listSignals(tx, tenant.id, filter));
      const next = rows.length === filter.limit ? (rows.at(-1)?.id ?? null) : null;
      return ok({ signals: rows.map(({ step, ...signal }) => signal), next });
    },
  }),
  route({
    method: 'post',
    path: '/signals/:id/match',
    action: 'signals.match',
    tag: 'Signals',
    summary: 'Give a signal that nobody has taken to whoever waits',
    description: 'Whatever key it came under. The node that waits accepts or rejects it, as any other.',
    params: Type.Object({ id: Uuid }),
    body: Type.Object({ wait: Uuid }, { additionalProperties: false }),
    answers: { 202: { description: 'Given to the run', schema: Type.Object({ runId: Uuid }) } },
    async handle({ params, body, identity: { tenant }, author }, { engine }) {
      return { status: 202, body: { runId: await engine.match(tenant.id, params.id, body.wait, author) } };
    },
  }),
  route({
    method: 'post',
    path: '/signals',
    action: 'signals.send',
    tag: 'Signals',
    summary: 'Send a signal to whoever waits for it',
    description: 'The same payload on the same channel and key twice is one signal.',
    body: Type.Object(
      {
        channel: Type.String({ minLength: 1, maxLength: 500 }),
        key: Type.String({ minLength: 1, maxLength: 500 }),
        payload: Type.Unknown(),
        source: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        environment: Type.Optional(Environment),
      },
      { additionalProperties: false },
    ),
    answers: {
      202: {
        description: 'Stored; `state` is what became of it',
        schema: Type.Object({ signalId: Uuid, state: State }),
      },
    },
    async handle({ body, identity: { tenant }, author }, { engine }) {
      const { channel, key, source = author.who, environment = 'production' } = body;
      const payload = body.payload as Json;
      const fingerprint = createHash('sha256').update(writeJson(payload)).digest('hex');
      const stored = await engine.signal({
        tenant: tenant.id,
        environment,
        channel,
        key,
        source,
        fingerprint,
        payload,
      });
      return { status: 202, body: { signalId: stored.id, state: stored.state } };
    },
  }),
];
