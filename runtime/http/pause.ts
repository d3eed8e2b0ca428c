import Type, { type Static } from 'typebox';
import { notFound } from './errors.ts';
import { type Call, ok, type Route, route } from './route.ts';
import { FlowId, InEnvironment, production } from './schemas.ts';

const params = Type.Object({ id: FlowId });
const answers = { 200: { description: 'Done', schema: Type.Object({ paused: Type.Boolean() }) } };

/** Pausing and resuming a deployed flow. */
export const pauseRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/flows/:id/pause',
    tag: 'Flows',
    summary: 'Hold a flow',
    description: 'What comes for it is stored and waits, runs stay where they are; nothing is lost.',
    params,
    query: InEnvironment,
    answers,
    async handle(call, { engine }) {
      if (!(await engine.pause(placeOf(call)))) throw notFound('This flow, or a deployment of it,');
      return ok({ paused: true });
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/resume',
    tag: 'Flows',
    summary: 'Let a paused flow go on',
    params,
    query: InEnvironment,
    answers,
    async handle(call, { engine }) {
      if (!(await engine.resume(placeOf(call)))) throw notFound('This flow, or a deployment of it,');
      return ok({ paused: false });
    },
  }),
];

type Addressed = Pick<Call<{ id: string }, Static<typeof InEnvironment>, unknown>, 'params' | 'query' | 'identity'>;

function placeOf({ params, query: { environment = production }, identity }: Addressed) {
  return { tenant: identity.tenant.id, environment, flowId: params.id };
}
