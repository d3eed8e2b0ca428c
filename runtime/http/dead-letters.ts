import Type, { type Static } from 'typebox';
import { groupDeadLetters, listDeadLetters, openDeadLetters } from '../postgres/queries/list-dead-letters.ts';
import { discardDeadLetters } from '../postgres/runs/discard-dead-letters.ts';
import { badRequest } from './errors.ts';
import { type Api, type Call, ok, type Route, route } from './route.ts';
import { Environment, FlowId, Limit, orNull, Time, Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

const State = Type.Enum(['open', 'redriven', 'discarded']);
const Code = Type.String({ maxLength: 200 });

const DeadLetter = Type.Object({
  runId: Uuid,
  flowId: Type.String(),
  flowName: Type.String(),
  environment: Type.String(),
  category: Type.String(),
  code: Type.String(),
  message: Type.String(),
  step: orNull(Type.String()),
  state: State,
  at: Time,
  settledAt: orNull(Time),
  settledBy: orNull(Type.String()),
  note: orNull(Type.String()),
});

const Group = Type.Object({
  flowId: Type.String(),
  flowName: Type.String(),
  environment: Type.String(),
  category: Type.String(),
  code: Type.String(),
  count: Type.Integer(),
  firstAt: Time,
  lastAt: Time,
  message: Type.String({ description: 'Of the newest' }),
});

/** Which dead letters an operation is for: these runs, or all open ones that fit. */
const Choice = {
  runs: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: 1000 })),
  flow: Type.Optional(FlowId),
  code: Type.Optional(Code),
  category: Type.Optional(Code),
  environment: Type.Optional(Environment),
};
const Redrive = Type.Object(Choice, { additionalProperties: false });
const Discard = Type.Object(
  { ...Choice, note: Type.Optional(Type.String({ maxLength: 1000 })) },
  { additionalProperties: false },
);

/** Of one request at most; what is left is done by the next one. */
const mostAtOnce = 1000;
const mostGroups = 200;

export const deadLetterRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/dead-letters',
    action: 'runs.read',
    tag: 'Dead letters',
    summary: 'Runs that failed for good, newest first',
    query: Type.Object(
      {
        flow: Type.Optional(FlowId),
        code: Type.Optional(Code),
        category: Type.Optional(Code),
        environment: Type.Optional(Environment),
        state: Type.Optional(State),
        limit: Limit,
        before: Type.Optional(Uuid),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'One page; `next` is the `before` of the next one',
        schema: Type.Object({ deadLetters: Type.Array(DeadLetter), next: orNull(Uuid) }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const filter = { ...query, limit: query.limit ?? 50 };
      const deadLetters = await database.asTenants([tenant.id], (tx) => listDeadLetters(tx, tenant.id, filter));
      const last = deadLetters.length === filter.limit ? deadLetters.at(-1) : undefined;
      return ok({ deadLetters, next: last?.runId ?? null });
    },
  }),
  route({
    method: 'get',
    path: '/dead-letters/groups',
    action: 'runs.read',
    tag: 'Dead letters',
    summary: 'Open dead letters that are alike, counted',
    description: `By flow, environment, category and code, the largest groups first, ${mostGroups} at most. All that is open is read for it.`,
    answers: { 200: { description: 'The groups', schema: Type.Object({ groups: Type.Array(Group) }) } },
    async handle({ identity: { tenant } }, { database }) {
      return ok({
        groups: await database.asTenants([tenant.id], (tx) => groupDeadLetters(tx, tenant.id, mostGroups)),
      });
    },
  }),
  route({
    method: 'post',
    path: '/dead-letters/redrive',
    action: 'runs.redrive',
    tag: 'Dead letters',
    summary: 'Let failed runs go on from the step at which they failed',
    description: `With the same idempotency keys, so that what was done is not done twice. At most ${mostAtOnce} at once.`,
    body: Redrive,
    answers: { 202: { description: 'They go on', schema: Type.Object({ redriven: Type.Integer() }) } },
    async handle(call, api) {
      const { author, identity } = call;
      const runs = await chosen(call, api);
      const redriven = await api.engine.redrive(identity.tenant.id, runs, whoOf(identity), author);
      return { status: 202, body: { redriven } };
    },
  }),
  route({
    method: 'post',
    path: '/dead-letters/discard',
    action: 'runs.discard',
    tag: 'Dead letters',
    summary: 'Set failed runs aside',
    body: Discard,
    answers: { 200: { description: 'Done', schema: Type.Object({ discarded: Type.Integer() }) } },
    async handle(call, api) {
      const runs = await chosen(call, api);
      const why = { by: whoOf(call.identity), note: call.body.note };
      const { tenant } = call.identity;
      return ok({ discarded: await api.database.asTenants([tenant.id], (tx) => discardDeadLetters(tx, runs, why)) });
    },
  }),
];

type Choosing = Pick<Call<unknown, unknown, Static<typeof Redrive>>, 'body' | 'identity'>;

async function chosen({ body: { runs, flow, code, category, environment }, identity: { tenant } }: Choosing, api: Api) {
  const filter = { flow, code, category, environment };
  if (!runs) return api.database.asTenants([tenant.id], (tx) => openDeadLetters(tx, tenant.id, filter, mostAtOnce));
  if (Object.values(filter).some((named) => named !== undefined))
    throw badRequest('Name either the runs, or the flow, code, category and environment of those that are meant.');
  return runs;
}
