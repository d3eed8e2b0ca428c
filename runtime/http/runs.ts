import { FlowDocument, FlowLayout } from '@millrace/flow';
import Type from 'typebox';
import { loadRetention, retentionClasses, setRetention } from '../postgres/history/retention.ts';
import { listRuns, type RunRow } from '../postgres/queries/list-runs.ts';
import { type RunStory, readRun } from '../runs/read-run.ts';
import { notFound } from './errors.ts';
import { ok, route } from './route.ts';
import { Environment, ErrorData, FlowId, Limit, orNull, Time, Uuid } from './schemas.ts';

const Status = Type.Union(
  ['running', 'waiting', 'succeeded', 'failed', 'cancelled'].map((status) => Type.Literal(status)),
);

const summary = {
  id: Uuid,
  flowId: Type.String(),
  flowName: Type.String(),
  version: Type.String({ description: 'Hash of the flow version that it runs on' }),
  environment: Type.String(),
  status: Status,
  startedAt: Time,
  finishedAt: orNull(Time),
  trigger: Type.Object({ node: Type.String(), source: Type.String() }),
  error: orNull(Type.Object({ code: Type.String(), message: Type.String() })),
  overdue: Type.Boolean(),
};

const Step = Type.Object({
  key: Type.String(),
  node: Type.String(),
  status: Type.Union(['running', 'waiting', 'retrying', 'done', 'failed'].map((status) => Type.Literal(status))),
  attempts: Type.Integer(),
  startedAt: Time,
  finishedAt: orNull(Time),
  port: orNull(Type.String()),
  input: Type.Unknown(),
  output: Type.Unknown(),
  error: orNull(ErrorData),
  nextRetryAt: orNull(Time),
});

const Wait = Type.Object({
  id: Uuid,
  step: Type.String(),
  channel: Type.String(),
  key: Type.String(),
  state: Type.Union(['open', 'matched', 'expired', 'cancelled'].map((state) => Type.Literal(state))),
  openedAt: Time,
  dueAt: orNull(Time),
  expiresAt: orNull(Time),
  overdueSince: orNull(Time),
});

const TimelineEntry = Type.Object({ at: Time, step: orNull(Type.String()), text: Type.String(), kind: Type.String() });

const Detail = Type.Object({
  ...summary,
  document: FlowDocument,
  layout: FlowLayout,
  trigger: Type.Object({ node: Type.String(), source: Type.String(), payload: Type.Unknown(), meta: Type.Unknown() }),
  output: Type.Unknown(),
  error: orNull(ErrorData),
  origin: orNull(Type.Unsafe<string>({ ...Uuid, description: 'The run that it repeats, of a replay' })),
  steps: Type.Array(Step),
  waits: Type.Array(Wait),
  timeline: Type.Array(TimelineEntry),
});

const RunParams = Type.Object({ id: Uuid });

const production = 'production';
const FlowParams = Type.Object({ id: FlowId });
const Retention = Type.Object({ retention: Type.Enum([...retentionClasses]) }, { additionalProperties: false });

export const runRoutes = [
  route({
    method: 'get',
    path: '/runs',
    action: 'runs.read',
    tag: 'Runs',
    summary: 'Runs, newest first',
    query: Type.Object(
      {
        flow: Type.Optional(FlowId),
        status: Type.Optional(Status),
        environment: Type.Optional(Environment),
        code: Type.Optional(Type.String({ maxLength: 200, description: 'Of the error by which it failed' })),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
        key: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 500,
            description:
              'How a key begins on which it waited, or the id of the event that started it, or of a record that it wrote; or its own id',
          }),
        ),
        order: Type.Optional(Type.Enum(['newest', 'oldest'], { description: 'Which are first; `newest` if not said' })),
        limit: Limit,
        before: Type.Optional(Uuid),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ runs: Type.Array(Type.Object(summary)), next: orNull(Uuid) }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const { order, from, to, limit = 50, ...rest } = query;
      const times = { ...(from && { from: new Date(from) }), ...(to && { to: new Date(to) }) };
      const filter = { ...rest, ...times, oldestFirst: order === 'oldest', limit };
      const rows = await database.asTenants([tenant.id], (tx) => listRuns(tx, tenant.id, filter));
      const last = rows.length === filter.limit ? rows.at(-1) : undefined;
      return ok({ runs: rows.map(summaryOf), next: last?.id ?? null });
    },
  }),
  route({
    method: 'get',
    path: '/runs/:id',
    action: 'runs.read',
    tag: 'Runs',
    summary: 'A run with its steps, waits and story',
    params: RunParams,
    answers: { 200: { description: 'The run, on the flow version that it runs on', schema: Detail } },
    async handle({ params, identity: { tenant } }, { database }) {
      const story = await database.asTenants([tenant.id], (tx) => readRun(tx, tenant.id, params.id));
      if (!story) throw notFound('This run');
      return ok(detailOf(story));
    },
  }),
  route({
    method: 'post',
    path: '/runs/:id/cancel',
    action: 'runs.cancel',
    tag: 'Runs',
    summary: 'End a run as cancelled, before its next step',
    params: RunParams,
    answers: { 202: { description: 'Asked for', schema: Type.Object({ runId: Uuid }) } },
    async handle({ params, identity: { tenant }, author }, { engine }) {
      if (!(await engine.cancel(tenant.id, params.id, author)))
        throw notFound('This run, or one that has not ended yet,');
      return { status: 202, body: { runId: params.id } };
    },
  }),
  route({
    method: 'get',
    path: '/flows/:id/retention',
    action: 'flows.read',
    tag: 'Flows',
    summary: 'For how long finished runs are kept',
    params: FlowParams,
    answers: { 200: { description: 'The class; the instance says how long it is', schema: Retention } },
    async handle({ params, identity: { tenant } }, { database }) {
      const place = { environment: production, flowId: params.id };
      const retention = await database.asTenants([tenant.id], (tx) => loadRetention(tx, place));
      if (!retention) throw notFound('This flow, or a deployment of it,');
      return ok({ retention });
    },
  }),
  route({
    method: 'put',
    path: '/flows/:id/retention',
    action: 'retention.set',
    tag: 'Flows',
    summary: 'Say for how long finished runs are kept',
    description: 'It holds for runs that finish from now on, and for those that finished a moment ago.',
    params: FlowParams,
    body: Retention,
    answers: { 200: { description: 'Set', schema: Retention } },
    async handle({ params, body: { retention }, identity: { tenant } }, { database }) {
      const place = { environment: production, flowId: params.id };
      if (!(await database.asTenants([tenant.id], (tx) => setRetention(tx, place, retention))))
        throw notFound('This flow, or a deployment of it,');
      return ok({ retention });
    },
  }),
];

function summaryOf({ triggerNode, source, error, ...row }: RunRow) {
  const { id, flowId, flowName, version, environment, status, startedAt, finishedAt, overdue } = row;
  return {
    id,
    flowId,
    flowName,
    version,
    environment,
    status,
    startedAt,
    finishedAt,
    trigger: { node: triggerNode, source },
    error: error && { code: error.code, message: error.message },
    overdue,
  };
}

function detailOf({ run, steps, waits, timeline }: RunStory) {
  return {
    ...summaryOf(run),
    document: run.document,
    layout: run.layout,
    trigger: { node: run.triggerNode, source: run.source, payload: run.trigger.payload, meta: run.trigger.meta },
    output: run.output,
    error: run.error,
    origin: run.origin,
    steps,
    waits: waits.map(({ closedAt, ...wait }) => wait),
    timeline,
  };
}
