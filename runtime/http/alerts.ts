import Type from 'typebox';
import { acknowledgeAlert } from '../postgres/alerts/acknowledge.ts';
import type { Tx } from '../postgres/database.ts';
import { listAlertsWithDeliveries } from '../postgres/queries/list-alerts.ts';
import { alertChannelRoutes } from './alert-channels.ts';
import { notFound } from './errors.ts';
import { ok, type Route, route } from './route.ts';
import { Limit, orNull, Time, Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

const Delivery = Type.Object({
  channelId: Uuid,
  channel: Type.String({ description: 'Its name' }),
  state: Type.Enum(['pending', 'delivered', 'failed']),
  attempts: Type.Integer(),
  error: orNull(Type.String({ description: 'Why the last attempt failed' })),
  deliveredAt: orNull(Time),
});

const Alert = Type.Object({
  id: Uuid,
  at: Time,
  code: Type.String(),
  severity: Type.Union([Type.Literal('warning'), Type.Literal('high')]),
  message: Type.String(),
  runId: orNull(Uuid),
  flowId: orNull(Type.String()),
  closedAt: orNull(Time),
  acknowledgedAt: orNull(Time),
  acknowledgedBy: orNull(Type.String()),
  deliveries: Type.Array(Delivery),
});

export const alertRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/alerts',
    tag: 'Alerts',
    summary: 'Alerts, newest first',
    description: 'One alert per incident: it is open for as long as the incident lasts.',
    query: Type.Object(
      { state: Type.Optional(Type.Enum(['open', 'closed'])), limit: Limit, before: Type.Optional(Uuid) },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ alerts: Type.Array(Alert), next: orNull(Uuid) }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const filter = { ...query, limit: query.limit ?? 50 };
      const alerts = await database.asTenants([tenant.id], (tx) => listAlertsWithDeliveries(tx, tenant.id, filter));
      return ok({ alerts, next: alerts.length === filter.limit ? (alerts.at(-1)?.id ?? null) : null });
    },
  }),
  route({
    method: 'post',
    path: '/alerts/:id/acknowledge',
    tag: 'Alerts',
    summary: 'Say that somebody has seen an alert',
    params: Type.Object({ id: Uuid }),
    answers: { 204: { description: 'Noted; whoever said so first stays named' } },
    async handle({ params, identity }, { database }) {
      const acknowledge = (tx: Tx) => acknowledgeAlert(tx, params.id, whoOf(identity));
      if (!(await database.asTenants([identity.tenant.id], acknowledge))) throw notFound('This alert');
      return { status: 204 };
    },
  }),
  ...alertChannelRoutes,
];
