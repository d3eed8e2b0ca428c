import Type from 'typebox';
import { listOpenWaits } from '../postgres/queries/list-waits.ts';
import { ok, type Route, route } from './route.ts';
import { Environment, FlowId, Limit, orNull, Time, Uuid } from './schemas.ts';

const OpenWait = Type.Object({
  id: Uuid,
  runId: Uuid,
  flowId: Type.String(),
  flowName: Type.String(),
  environment: Type.String(),
  step: Type.String(),
  channel: Type.String(),
  key: Type.String(),
  openedAt: Time,
  dueAt: orNull(Time),
  expiresAt: orNull(Time),
  overdueSince: orNull(Time),
  rejections: Type.Integer({ description: 'Signals that its node has rejected' }),
  rejection: orNull(Type.String({ description: 'Why it rejected the last one' })),
});

export const waitRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/waits',
    action: 'runs.read',
    tag: 'Signals',
    summary: 'Waits that are open, newest first',
    query: Type.Object(
      {
        state: Type.Optional(
          Type.Enum(['overdue', 'rejected'], {
            description: 'Only those that are late, or that have rejected a signal',
          }),
        ),
        environment: Type.Optional(Environment),
        flow: Type.Optional(FlowId),
        key: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'How the key begins' })),
        limit: Limit,
        before: Type.Optional(Uuid),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ waits: Type.Array(OpenWait), next: orNull(Uuid) }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const filter = { ...query, limit: query.limit ?? 50 };
      const waits = await database.asTenants([tenant.id], (tx) => listOpenWaits(tx, tenant.id, filter));
      return ok({ waits, next: waits.length === filter.limit ? (waits.at(-1)?.id ?? null) : null });
    },
  }),
];
