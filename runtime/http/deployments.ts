import type { JsonObject } from '@millrace/contract';
import Type from 'typebox';
import { deployFlow } from '../flows/deploy.ts';
import { requireFlow } from '../flows/drafts.ts';
import { rollBack } from '../flows/rollback.ts';
import { undeployFlow } from '../flows/undeploy.ts';
import { listDeployments } from '../postgres/flows/deployment-history.ts';
import { ok, type Route, route } from './route.ts';
import { Environment, FlowId, Limit, Note, orNull, Problem, production, Time, Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

const params = Type.Object({ id: FlowId });
const serving = { version: Type.String(), number: Type.Integer(), deployedAt: Time };
const environment = Type.Optional(Environment);
const connections = Type.Record(Type.String(), Uuid, { description: 'Slot → connection id' });

const PastDeployment = Type.Object({
  id: Uuid,
  environment: Type.String(),
  action: Type.Enum(['deploy', 'promote', 'rollback', 'undeploy']),
  version: Type.String({ description: 'Of an undeployment: what has served until then' }),
  number: orNull(Type.Integer()),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  connections,
  at: Time,
  by: Type.String(),
  note: orNull(Type.String()),
});

/** Which version of a flow serves in an environment. */
export const deploymentRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/flows/:id/deploy',
    action: 'flows.deploy',
    tag: 'Deployments',
    summary: 'Let a version serve',
    description: 'Without a version the draft is published. Runs that are under way stay on their version.',
    params,
    body: Type.Object(
      {
        environment,
        version: Type.Optional(Type.String({ description: 'Name or number of a version' })),
        parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        connections: Type.Optional(connections),
        note: Note,
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'Deployed; warnings were not in the way',
        schema: Type.Object({ ...serving, warnings: Type.Array(Problem) }),
      },
    },
    async handle({ params, body, identity }, api) {
      const { environment = production, parameters, ...more } = body;
      const place = { tenant: identity.tenant, environment, flowId: params.id, by: whoOf(identity) };
      return ok(await deployFlow(api, { ...place, ...more, parameters: parameters as JsonObject | undefined }));
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/rollback',
    action: 'flows.deploy',
    tag: 'Deployments',
    summary: 'Let serve again what has served before',
    description:
      'Version, parameters and connections as they were: those of `to`, an entry of the history, or what served last before.',
    params,
    body: Type.Object({ environment, to: Type.Optional(Uuid), note: Note }, { additionalProperties: false }),
    answers: { 200: { description: 'It serves', schema: Type.Object(serving) } },
    async handle({ params, body: { environment = production, to, note }, identity }, api) {
      const place = { tenant: identity.tenant, environment, flowId: params.id };
      return ok(await rollBack(api, { ...place, to, by: whoOf(identity), note }));
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/undeploy',
    action: 'flows.deploy',
    tag: 'Deployments',
    summary: 'Let a flow serve no more',
    description: 'Nothing begins by it any more in the environment. Runs that are under way end on their version.',
    params,
    body: Type.Object({ environment, note: Note }, { additionalProperties: false }),
    answers: { 204: { description: 'It serves no more' } },
    async handle({ params, body: { environment = production, note }, identity }, api) {
      const place = { tenant: identity.tenant, environment, flowId: params.id };
      await undeployFlow(api, place, { by: whoOf(identity), note });
      return { status: 204 };
    },
  }),
  route({
    method: 'get',
    path: '/flows/:id/deployments',
    action: 'flows.read',
    tag: 'Deployments',
    summary: 'What was deployed, newest first',
    params,
    query: Type.Object({ environment, limit: Limit, before: Type.Optional(Uuid) }, { additionalProperties: false }),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ deployments: Type.Array(PastDeployment), next: orNull(Uuid) }),
      },
    },
    async handle({ params: { id: flowId }, query: { limit = 50, ...filter }, identity: { tenant } }, { database }) {
      await requireFlow({ database }, tenant, flowId);
      const list = await database.asTenants([tenant.id], (tx) => listDeployments(tx, { ...filter, flowId, limit }));
      return ok({ deployments: list, next: list.length === limit ? (list.at(-1)?.id ?? null) : null });
    },
  }),
];
