import type { Json } from '@millrace/contract';
import type { IncomingBundle } from '@millrace/flow';
import Type from 'typebox';
import { checkDocument } from '../flows/check.ts';
import { type CheckedDraft, exportBundle, importBundle, readDraft, saveDraft } from '../flows/drafts.ts';
import { deployedStateOf, overviewFlows } from '../flows/overview.ts';
import { planImport } from '../flows/plan-import.ts';
import { startRun } from '../flows/trigger.ts';
import { badRequest } from './errors.ts';
import { hookUrlsOf } from './hook-urls.ts';
import { type Api, type Call, ok, route } from './route.ts';
import {
  Bundle,
  Environment,
  FlowId,
  HookUrl,
  InEnvironment,
  orNull,
  Problem,
  production,
  Time,
  Uuid,
} from './schemas.ts';
import { ChangeShown, told } from './versions.ts';
import { whoOf } from './who.ts';

const deployedState = {
  deployed: orNull(
    Type.Object({
      environment: Type.String(),
      version: Type.String(),
      deployedAt: Time,
      paused: Type.Boolean({ description: 'What comes for it waits' }),
    }),
  ),
  changedSinceDeploy: Type.Boolean(),
};
const Summary = Type.Object({
  id: FlowId,
  name: Type.String(),
  description: orNull(Type.String()),
  revision: Type.Integer(),
  updatedAt: Time,
  ...deployedState,
  template: orNull(
    Type.Object({ id: Type.String(), version: Type.String() }, { description: 'That it is a clone of' }),
  ),
  runs24h: Type.Object({ succeeded: Type.Integer(), failed: Type.Integer(), open: Type.Integer() }),
});
const Detail = Type.Object({
  id: FlowId,
  revision: Type.Integer(),
  updatedAt: Time,
  bundle: Bundle,
  problems: Type.Array(Problem),
  ...deployedState,
  hookUrls: Type.Array(HookUrl),
});
const ImportPlan = Type.Object({
  id: orNull(Type.String({ description: 'Of the flow; null where the bundle does not say it' })),
  revision: orNull(Type.Integer({ description: 'Of the draft that is there; null where there is no such flow yet' })),
  problems: Type.Array(Problem, { description: 'Pointers are into the bundle' }),
  changes: Type.Array(ChangeShown, { description: 'From the draft that is there' }),
});
const params = Type.Object({ id: FlowId });

export const flowRoutes = [
  route({
    method: 'get',
    path: '/flows',
    action: 'flows.read',
    tag: 'Flows',
    summary: 'Flows of the tenant, and what of them serves in an environment',
    query: InEnvironment,
    answers: { 200: { description: 'By name', schema: Type.Object({ flows: Type.Array(Summary) }) } },
    handle: async ({ query: { environment = production }, identity: { tenant } }, { database }) =>
      ok({ flows: await overviewFlows(database, tenant, environment) }),
  }),
  route({
    method: 'post',
    path: '/flows',
    action: 'flows.edit',
    tag: 'Flows',
    summary: 'Import a flow',
    description: 'Stored as a draft with all its problems; nothing of it is run.',
    body: Bundle,
    answers: { 201: { description: 'Stored', schema: Detail } },
    async handle({ body, identity, raw }, api) {
      const draft = await importBundle(api, identity.tenant, body as unknown as IncomingBundle);
      return { status: 201, body: await detailOf(draft, { identity, raw }, api) };
    },
  }),
  route({
    method: 'post',
    path: '/flows/plan',
    action: 'flows.check',
    tag: 'Flows',
    summary: 'What importing a flow would do',
    description:
      'Nothing is stored. Whatever is wrong with the bundle is told at once, also where it is no bundle at all.',
    body: Type.Object({ bundle: Type.Unknown() }, { additionalProperties: false }),
    answers: { 200: { description: 'What would come of it, and everything that is wrong', schema: ImportPlan } },
    async handle({ body: { bundle }, identity: { tenant } }, api) {
      const { changes, ...plan } = await planImport(api, tenant, bundle as Json);
      return ok({ ...plan, changes: changes.map(told) });
    },
  }),
  route({
    method: 'get',
    path: '/flows/:id',
    action: 'flows.read',
    tag: 'Flows',
    summary: "A flow's draft, with its problems, and what serves in an environment",
    params,
    query: InEnvironment,
    answers: { 200: { description: 'The draft', schema: Detail } },
    handle: async ({ params, query: { environment = production }, identity, raw }, api) =>
      ok(await detailOf(await readDraft(api, identity.tenant, params.id), { identity, raw }, api, environment)),
  }),
  route({
    method: 'put',
    path: '/flows/:id',
    action: 'flows.edit',
    tag: 'Flows',
    summary: "Save a flow's draft",
    description: 'A draft with problems is saved, and the problems come back.',
    params,
    body: Type.Object({ revision: Type.Integer({ minimum: 1 }), bundle: Bundle }, { additionalProperties: false }),
    answers: { 200: { description: 'Saved', schema: Detail } },
    async handle({ params, body: { revision, bundle }, identity, raw }, api) {
      if (bundle.flow.id !== params.id) throw badRequest("A flow's id cannot be changed.", '/bundle/flow/id');
      const draft = await saveDraft(api, identity.tenant, { revision, bundle: bundle as unknown as IncomingBundle });
      return ok(await detailOf(draft, { identity, raw }, api));
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/validate',
    action: 'flows.check',
    tag: 'Flows',
    summary: 'What is wrong with a document',
    description: 'Nothing is saved.',
    params,
    body: Type.Object({ flow: Type.Unknown() }, { additionalProperties: false }),
    answers: { 200: { description: 'Every problem', schema: Type.Object({ problems: Type.Array(Problem) }) } },
    handle: async ({ body, identity }, api) =>
      ok({ problems: await checkDocument(body.flow, api, identity.tenant.id) }),
  }),
  route({
    method: 'get',
    path: '/flows/:id/export',
    action: 'flows.read',
    tag: 'Flows',
    summary: 'The flow as a bundle',
    description: 'The same flow is always the same bytes.',
    params,
    answers: { 200: { description: 'The bundle', schema: Bundle } },
    async handle({ params, identity: { tenant } }, api) {
      const headers = { 'content-disposition': `attachment; filename="${params.id}.json"` };
      return { status: 200, headers, text: await exportBundle(api, tenant, params.id) };
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/run',
    action: 'flows.run',
    tag: 'Flows',
    summary: 'Start a run of the deployed version',
    params,
    body: Type.Object(
      { node: Type.Optional(Type.String()), payload: Type.Unknown(), environment: Type.Optional(Environment) },
      { additionalProperties: false },
    ),
    answers: { 202: { description: 'Stored; it runs', schema: Type.Object({ runId: Uuid }) } },
    async handle({ params, body: { node, payload, environment = production }, identity }, api) {
      const place = { tenant: identity.tenant, environment, flowId: params.id };
      const { run } = await startRun(api, { ...place, node, payload: payload as Json, source: whoOf(identity) });
      return { status: 202, headers: { location: `/api/v1/runs/${run}` }, body: { runId: run } };
    },
  }),
];

type Caller = Pick<Call<unknown, unknown, unknown>, 'identity' | 'raw'>;

async function detailOf(
  draft: CheckedDraft,
  { identity: { tenant }, raw }: Caller,
  api: Api,
  environment: string = production,
) {
  const place = { tenant, environment, flowId: draft.id };
  return {
    id: draft.id,
    revision: draft.revision,
    updatedAt: draft.updatedAt,
    bundle: draft.bundle,
    problems: draft.problems,
    ...(await deployedStateOf(api.database, place, draft)),
    hookUrls: hookUrlsOf(draft.bundle.flow, place, api, raw),
  };
}
