import Type from 'typebox';
import { readQuota } from '../postgres/connections/quota.ts';
import { listSources, listSyncs, type SyncRow } from '../postgres/queries/list-syncs.ts';
import { countOpenWaits } from '../postgres/queries/list-waits.ts';
import { countRuns, countSignals, countWaits } from '../postgres/queries/statistics.ts';
import { ok, type Route, route } from './route.ts';
import { Environment, ErrorData, InEnvironment, orNull, production, Time } from './schemas.ts';

/** Parts that a period is told in: an hour in minutes, a day in quarters of an hour, a week in hours, four weeks in six. */
const partMs = { hour: 60_000, day: 900_000, week: 3_600_000, month: 21_600_000 } as const;
const periodMs = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_419_200_000 } as const;

/** Runs and signals that are looked at for one answer at most. */
const mostSeen = 100_000;
const mostSyncs = 100;

const Count = Type.Integer({ minimum: 0 });
const RunPart = Type.Object({
  at: Time,
  succeeded: Count,
  failed: Count,
  cancelled: Count,
  open: Type.Integer({ minimum: 0, description: 'Running or waiting' }),
  p50Ms: orNull(Type.Number({ description: 'From beginning to end, of half of those that succeeded' })),
  p95Ms: orNull(Type.Number({ description: 'Of 95 of 100' })),
});
const Statistics = Type.Object({
  from: Time,
  to: Time,
  partMs: Type.Integer({ description: 'How long a part is' }),
  complete: Type.Boolean({ description: `False where there were more than ${mostSeen} runs: the newest are counted` }),
  runs: Type.Array(RunPart, { description: 'By when they began' }),
  waits: Type.Array(Type.Object({ at: Time, open: Count, overdue: Count }), {
    description: 'Still open, by when they were opened; older ones count where the period begins',
  }),
  signals: Type.Array(Type.Object({ at: Time, accepted: Count, rejected: Count, unmatched: Count })),
  now: Type.Object({
    waits: Type.Object({ open: Count, overdue: Count }),
    connections: Type.Object({ used: Count, limit: Count }),
  }),
});

const Sync = Type.Object({
  type: Type.String({ description: 'Of the records' }),
  at: Time,
  report: orNull(
    Type.Object({
      received: Count,
      created: Count,
      changed: Count,
      unchanged: Count,
      left: Count,
      missing: Count,
      deactivated: Count,
      invalid: Count,
    }),
  ),
});
const Source = Type.Object({
  flowId: Type.String(),
  flowName: Type.String(),
  node: Type.String(),
  connections: Type.Array(Type.String(), { description: 'Names of those that the flow is deployed with' }),
  everyMs: Type.Integer(),
  polling: Type.Boolean({ description: 'It is being polled right now' }),
  nextPollAt: orNull(Time),
  lastPolledAt: orNull(Time),
  failures: Type.Integer({ description: 'In a row; 0 when the last poll went well' }),
  failingSince: orNull(Time),
  lastError: orNull(ErrorData),
});

/** How things went, in numbers. */
export const statisticsRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/statistics',
    action: 'runs.read',
    tag: 'Statistics',
    summary: 'Runs, waits and signals of a period, in parts of the same length',
    description: `Parts in which nothing happened are left out. At most ${mostSeen} runs and as many signals are looked at, the newest, and all waits that are open.`,
    query: Type.Object(
      { period: Type.Optional(Type.Enum(['hour', 'day', 'week', 'month'])), environment: Type.Optional(Environment) },
      { additionalProperties: false },
    ),
    answers: { 200: { description: 'The numbers', schema: Statistics } },
    async handle({ query: { period = 'day', environment = production }, identity: { tenant } }, { database }) {
      const now = await database.now();
      const part = partMs[period];
      const to = new Date(Math.ceil((now.getTime() + 1) / part) * part);
      const over = { from: new Date(to.getTime() - periodMs[period]), partMs: part, environment };
      return database.asTenants([tenant.id], async (tx) => {
        const { parts, complete } = await countRuns(tx, tenant.id, over, mostSeen);
        return ok({
          from: over.from,
          to,
          partMs: part,
          complete,
          runs: parts,
          waits: await countWaits(tx, tenant.id, over),
          signals: await countSignals(tx, tenant.id, over, mostSeen),
          now: {
            waits: await countOpenWaits(tx, tenant.id, environment),
            connections: await readQuota(tx, tenant.id),
          },
        });
      });
    },
  }),
  route({
    method: 'get',
    path: '/syncs',
    action: 'runs.read',
    tag: 'Statistics',
    summary: 'What is kept in step with other systems',
    description: `The latest ${mostSyncs} syncs of records with what each has changed, and every source that is polled.`,
    query: InEnvironment,
    answers: {
      200: {
        description: 'Newest first; sources that fail first',
        schema: Type.Object({ syncs: Type.Array(Sync), sources: Type.Array(Source) }),
      },
    },
    async handle({ query: { environment = production }, identity: { tenant } }, { database }) {
      return database.asTenants([tenant.id], async (tx) =>
        ok({
          syncs: (await listSyncs(tx, tenant.id, environment, mostSyncs)).map(withoutItems),
          sources: await listSources(tx, tenant.id, environment),
        }),
      );
    },
  }),
];

/** The items that were refused, and what was changed, are told by the step that synced. */
function withoutItems({ report, ...sync }: SyncRow) {
  if (!report) return { ...sync, report };
  const { problems, changes, ...counts } = report;
  return { ...sync, report: counts };
}
