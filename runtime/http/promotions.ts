import type { JsonObject } from '@millrace/contract';
import Type from 'typebox';
import { listPromotions } from '../postgres/promotions/promotions.ts';
import { demands, loadRules, saveRules } from '../postgres/promotions/rules.ts';
import { applyPromotion, approvePromotion, rejectPromotion, rollBackPromotion } from '../promotions/carry-out.ts';
import { partKinds } from '../promotions/part.ts';
import { planPromotion } from '../promotions/plan-promotion.ts';
import { showPromotion } from '../promotions/show-promotion.ts';
import { type Api, type Call, ok, type Reply, type Route, route } from './route.ts';
import { FlowId, Limit, Note, orNull, Problem, Report, Time, Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

const closed = { additionalProperties: false };
const params = Type.Object({ id: Uuid });
const body = Type.Object({ note: Note }, closed);

const summary = {
  id: Uuid,
  flow: Type.String({ description: 'The flow that is moved with all that it depends on' }),
  state: Type.Enum(['planned', 'approved', 'rejected', 'applied', 'rolled-back']),
  note: orNull(Type.String()),
  plannedAt: Time,
  plannedBy: Type.String(),
  decidedAt: orNull(Time),
  decidedBy: orNull(Type.String()),
  decisionNote: orNull(Type.String()),
  appliedAt: orNull(Time),
  appliedBy: orNull(Type.String()),
  rolledBackAt: orNull(Time),
  rolledBackBy: orNull(Type.String()),
};

const Part = Type.Object({
  kind: Type.Enum([...partKinds]),
  name: Type.String(),
  isNew: Type.Boolean({ description: 'Not in production yet' }),
  changes: Type.Array(
    Type.Object({
      pointer: Type.String({ description: 'Into the part; items with a name are named in it by that' }),
      action: Type.Enum(['added', 'removed', 'changed', 'reordered']),
      before: Type.Optional(Type.Unknown()),
      after: Type.Optional(Type.Unknown()),
      sentence: Type.String(),
    }),
    { description: 'None: it is the same in production' },
  ),
});

const Tests = Type.Object({
  flow: Type.String(),
  version: Type.String(),
  number: orNull(Type.Integer()),
  report: orNull(Report),
  unexercised: Type.Array(Type.String(), {
    description: 'Nodes that are not as in production and that no passing test comes to',
  }),
});

const Detail = Type.Object({
  ...summary,
  parts: Type.Array(Part),
  tests: Type.Array(Tests, { description: 'Of each flow that changes' }),
  problems: Type.Array(Problem, { description: 'What is in the way, and warnings; none where it is over' }),
  stale: Type.Array(Problem, { description: 'What has moved since it was planned; none where it is over' }),
});

const Rules = Type.Object(
  {
    required: Type.Boolean({ description: 'Nothing is deployed to production otherwise' }),
    byAnother: Type.Boolean({ description: 'Who has planned it does not approve it' }),
    tests: Type.Enum([...demands], {
      description: 'Of flows that change: nothing, that all tests pass, or that these come to every changed node, too',
    }),
  },
  closed,
);

const Settings = Type.Record(
  FlowId,
  Type.Object(
    {
      parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      connections: Type.Optional(Type.Record(Type.String(), Uuid, { description: 'Slot → connection id' })),
    },
    closed,
  ),
  { description: 'Flow → what it is to have in production, where that is not what it has or had in the sandbox' },
);

type One = Call<{ id: string }, unknown, { note?: string | undefined }>;

/** Something done with one promotion; it is answered as it is then. */
function step(
  path: string,
  action: 'promotions.approve' | 'promotions.apply',
  texts: Pick<Route, 'summary'> & { readonly done: string; readonly description?: string },
  take: (api: Api, call: One) => Promise<void>,
): Route {
  const { done, ...said } = texts;
  const answers = { 200: { description: done, schema: Detail } };
  return route({
    method: 'post',
    path: `/promotions/:id/${path}`,
    action,
    tag: 'Promotions',
    ...said,
    params,
    body,
    answers,
    async handle(call, api) {
      await take(api, call);
      return shown(api, call, call.params.id);
    },
  });
}

function stepOf({ params: { id }, body: { note }, identity }: One) {
  return { tenant: identity.tenant, id, by: whoOf(identity), note };
}

async function shown(api: Api, { identity }: Pick<One, 'identity'>, id: string): Promise<Reply> {
  return ok(await showPromotion(api, identity.tenant, id));
}

/** From the sandbox to production. */
export const promotionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/promotions',
    action: 'promotions.read',
    tag: 'Promotions',
    summary: 'Promotions, newest first',
    query: Type.Object({ flow: Type.Optional(FlowId), limit: Limit, before: Type.Optional(Uuid) }, closed),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ promotions: Type.Array(Type.Object(summary)), next: orNull(Uuid) }),
      },
    },
    async handle({ query: { limit = 50, ...filter }, identity: { tenant } }, { database }) {
      const list = await database.asTenants([tenant.id], (tx) => listPromotions(tx, { ...filter, limit }));
      return ok({ promotions: list, next: list.length === limit ? (list.at(-1)?.id ?? null) : null });
    },
  }),
  route({
    method: 'post',
    path: '/promotions',
    action: 'promotions.plan',
    tag: 'Promotions',
    summary: 'Plan what goes from the sandbox to production',
    description: `A flow as it serves in the sandbox, with the flows that it calls, their record types, the code tables that they
look up, their parameters and connections. Nothing is moved. When something of it moves, the plan is stale.`,
    body: Type.Object(
      {
        flow: FlowId,
        settings: Type.Optional(Settings),
        keep: Type.Optional(
          Type.Array(Type.String(), { description: 'Code tables that stay in production as they are' }),
        ),
        note: Note,
      },
      closed,
    ),
    answers: { 201: { description: 'Planned, with everything that is in the way', schema: Detail } },
    async handle({ body: { flow: flowId, settings = {}, keep = [], note }, identity }, api) {
      const { tenant, author } = identity;
      const request = { flowId, settings: settings as Readonly<Record<string, JsonObject>>, keep, note };
      const id = await planPromotion(api, tenant, { ...request, by: whoOf(identity), planner: author.id });
      return { ...(await shown(api, { identity }, id)), status: 201 };
    },
  }),
  route({
    method: 'get',
    path: '/promotions/:id',
    action: 'promotions.read',
    tag: 'Promotions',
    summary: 'A promotion with its differences, tests and what is in the way',
    params,
    answers: { 200: { description: 'As it stands', schema: Detail } },
    handle: (call, api) => shown(api, call, call.params.id),
  }),
  step('approve', 'promotions.approve', { summary: 'Let a promotion be carried out', done: 'Approved' }, (api, call) =>
    approvePromotion(api, { ...stepOf(call), decider: call.identity.author.id }),
  ),
  step(
    'reject',
    'promotions.approve',
    { summary: 'Let a promotion not be carried out', done: 'Rejected' },
    (api, call) => rejectPromotion(api, stepOf(call)),
  ),
  step(
    'apply',
    'promotions.apply',
    {
      summary: 'Carry out an approved promotion',
      description: 'Everything that is not as in production, in one transaction. Runs under way stay on their version.',
      done: 'It serves in production',
    },
    (api, call) => applyPromotion(api, stepOf(call)),
  ),
  step(
    'rollback',
    'promotions.apply',
    {
      summary: 'Take a promotion back',
      description: 'Everything that it moved, as it was, in one transaction; refused where it was changed since.',
      done: 'Production is as before',
    },
    (api, call) => rollBackPromotion(api, stepOf(call)),
  ),
  route({
    method: 'get',
    path: '/promotion-rules',
    action: 'promotions.read',
    tag: 'Promotions',
    summary: 'What promotions need',
    answers: { 200: { description: 'The rules', schema: Rules } },
    handle: async ({ identity: { tenant } }, { database }) => ok(await database.asTenants([tenant.id], loadRules)),
  }),
  route({
    method: 'put',
    path: '/promotion-rules',
    action: 'promotions.rule',
    tag: 'Promotions',
    summary: 'Say what promotions need',
    body: Rules,
    answers: { 200: { description: 'Set', schema: Rules } },
    async handle({ body, identity: { tenant } }, { database }) {
      await database.asTenants([tenant.id], (tx) => saveRules(tx, tenant.id, body));
      return ok(body);
    },
  }),
];
