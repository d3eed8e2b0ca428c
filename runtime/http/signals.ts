import { createHash } from 'node:crypto';
import { type Json, writeJson } from '@millrace/contract';
import Type from 'typebox';
import { listSignals } from '../postgres/queries/list-signals.ts';
import { ok, route } from './route.ts';
import { Environment, Limit, orNull, Time, Uuid } from './schemas.ts';

const states = ['kept', 'matched', 'accepted', 'rejected', 'duplicate', 'late', 'malformed'] as const;
const State = Type.Union(states.map((state) => Type.Literal(state)));

export const signalRoutes = [
  route({
    method: 'get',
    path: '/signals',
    action: 'signals.read',
    tag: 'Signals',
    summary: 'Signals of whatever fate, newest first',
    query: Type.Object(
      { state: Type.Optional(State), key: Type.Optional(Type.String()), limit: Limit },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'Early, duplicate, late and malformed ones too',
        schema: Type.Object({
          signals: Type.Array(
            Type.Object({
              id: Uuid,
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
        }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const filter = { ...query, limit: query.limit ?? 50 };
      const rows = await database.asTenants([tenant.id], (tx) => listSignals(tx, tenant.id, filter));
      return ok({ signals: rows.map(({ step, ...signal }) => signal) });
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
