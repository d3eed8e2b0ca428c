import Type from 'typebox';
import { listAlerts } from '../postgres/queries/list-alerts.ts';
import { ok, route } from './route.ts';
import { Limit, orNull, Time, Uuid } from './schemas.ts';

export const alertRoutes = [
  route({
    method: 'get',
    path: '/alerts',
    tag: 'Alerts',
    summary: 'Alerts, newest first',
    query: Type.Object({ limit: Limit }, { additionalProperties: false }),
    answers: {
      200: {
        description: 'One alert per incident',
        schema: Type.Object({
          alerts: Type.Array(
            Type.Object({
              id: Uuid,
              at: Time,
              code: Type.String(),
              severity: Type.Union([Type.Literal('warning'), Type.Literal('high')]),
              message: Type.String(),
              runId: orNull(Uuid),
              flowId: orNull(Type.String()),
            }),
          ),
        }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const limit = query.limit ?? 50;
      return ok({ alerts: await database.asTenants([tenant.id], (tx) => listAlerts(tx, tenant.id, { limit })) });
    },
  }),
];
