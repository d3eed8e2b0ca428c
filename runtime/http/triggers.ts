import { readRule, timesAfter } from '@millrace/schedule';
import Type from 'typebox';
import { requireFlow } from '../flows/drafts.ts';
import { loadTriggers, type ScheduleRow } from '../postgres/queries/load-triggers.ts';
import { askPoll } from '../postgres/sources/polls.ts';
import { notFound } from './errors.ts';
import { ok, route } from './route.ts';
import { ErrorData, FlowId, InEnvironment, orNull, production, Time, Uuid } from './schemas.ts';

const shownTimes = 5;

const params = Type.Object({ id: FlowId });
const node = { node: Type.String({ description: 'Id of the trigger' }) };

const Rule = Type.Union([Type.Object({ cron: Type.String() }), Type.Object({ rrule: Type.String() })]);
const Schedule = Type.Object({
  ...node,
  rule: Rule,
  timeZone: Type.String(),
  missed: Type.String(),
  overlap: Type.String(),
  next: Type.Array(Time, { description: `The next ${shownTimes} times; fewer where the rule ends before` }),
  lastAt: orNull(Time),
  lastRun: orNull(Uuid),
  leftOutAt: orNull(Time),
});
const Source = Type.Object({
  ...node,
  everyMs: Type.Integer(),
  polling: Type.Boolean({ description: 'It is being polled right now' }),
  nextPollAt: orNull(Time),
  lastPolledAt: orNull(Time),
  failures: Type.Integer({ description: 'In a row; 0 when the last poll went well' }),
  failingSince: orNull(Time),
  lastError: orNull(ErrorData),
});
const Triggers = Type.Object({
  routes: Type.Array(Type.Object({ ...node, method: Type.String(), path: Type.String() })),
  schedules: Type.Array(Schedule),
  sources: Type.Array(Source),
  events: Type.Array(Type.Object({ ...node, topic: Type.String() })),
});

export const triggerRoutes = [
  route({
    method: 'get',
    path: '/flows/:id/triggers',
    action: 'flows.read',
    tag: 'Flows',
    summary: 'What starts the deployed flow',
    description: 'Addresses, schedules with their next times, polled sources with how they stand, and topics.',
    params,
    query: InEnvironment,
    answers: { 200: { description: 'All empty where the flow is not deployed', schema: Triggers } },
    async handle({ params, query: { environment = production }, identity: { tenant } }, { database }) {
      await requireFlow({ database }, tenant, params.id);
      const rows = await database.asTenants([tenant.id], (tx) => loadTriggers(tx, environment, params.id));
      return ok({ ...rows, schedules: rows.schedules.map(shown) });
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/sources/:node/poll',
    action: 'sources.poll',
    tag: 'Flows',
    summary: 'Poll a source at once',
    description:
      'Without waiting for its next time. Where it is being polled already, it is polled once more after that.',
    params: Type.Object({ id: FlowId, node: Type.String() }),
    query: InEnvironment,
    answers: { 202: { description: 'Asked for', schema: Type.Object(node) } },
    async handle({ params, query: { environment = production }, identity: { tenant } }, { database }) {
      const place = { tenant: tenant.id, environment, flowId: params.id };
      const asked = await database.asTenants([tenant.id], (tx) => askPoll(tx, place, params.node));
      if (!asked) throw notFound('This source');
      return { status: 202, body: { node: params.node } };
    },
  }),
];

function shown({ nextAt, ...schedule }: ScheduleRow) {
  const { rule, timeZone } = schedule;
  const next = nextAt ? [nextAt, ...timesAfter(readRule(rule), timeZone, nextAt, shownTimes - 1)] : [];
  return { ...schedule, next };
}
