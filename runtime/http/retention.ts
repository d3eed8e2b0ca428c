import Type from 'typebox';
import { loadTenantRetention, saveTenantRetention } from '../postgres/history/tenant-retention.ts';
import { ok, type Route, route } from './route.ts';
import { orNull } from './schemas.ts';

const closed = { additionalProperties: false };
const days = (least: number, description: string) =>
  orNull(Type.Integer({ minimum: least, maximum: 36_500, description }));

const InEnvironment = Type.Object(
  {
    stepDays: days(
      1,
      'Days for which what the steps of a finished run got and gave is kept, with its signals and files',
    ),
    runDays: days(1, 'Days for which a finished run is kept with all that belongs to it'),
  },
  { ...closed, description: 'Null: as long as the class of the flow says. Whichever is shorter counts' },
);

const Retention = Type.Object(
  {
    sandbox: InEnvironment,
    production: InEnvironment,
    auditDays: days(30, 'Days for which entries of the audit are kept; null: for good'),
  },
  closed,
);

/** For how long a tenant keeps what. */
export const retentionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/retention',
    action: 'flows.read',
    tag: 'Retention',
    summary: 'For how long runs, their data and the audit are kept',
    answers: { 200: { description: 'In days', schema: Retention } },
    handle: async ({ identity: { tenant } }, { database }) =>
      ok(await database.asTenants([tenant.id], (tx) => loadTenantRetention(tx, tenant.id))),
  }),
  route({
    method: 'put',
    path: '/retention',
    action: 'retention.set',
    tag: 'Retention',
    summary: 'Say for how long runs, their data and the audit are kept',
    description: 'What is older goes within an hour, and does not come back.',
    body: Retention,
    answers: { 200: { description: 'Set', schema: Retention } },
    async handle({ body, identity: { tenant } }, { database }) {
      await database.asTenants([tenant.id], (tx) => saveTenantRetention(tx, tenant.id, body));
      return ok(body);
    },
  }),
];
