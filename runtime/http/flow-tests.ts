import type { FlowDocument } from '@millrace/flow';
import Type from 'typebox';
import { demandsOn } from '../auth/demands.ts';
import { FlowTest } from '../flow-tests/format.ts';
import { testOfRun } from '../flow-tests/from-run/test-of-run.ts';
import { readReport, testFlow } from '../flows/test-flow.ts';
import { tryFlow } from '../flows/try-flow.ts';
import { ok, type Route, route } from './route.ts';
import { ErrorData, FlowId, Named, orNull, Report, testReport, Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

const params = Type.Object({ id: FlowId });
const version = Type.Optional(Named);

const TriedRun = Type.Object({
  trigger: Type.String({ description: 'Node that it began at' }),
  status: Type.String(),
  error: orNull(ErrorData),
  output: Type.Unknown(),
  steps: Type.Array(
    Type.Object({
      key: Type.String(),
      node: Type.String(),
      status: Type.String(),
      attempts: Type.Integer(),
      port: orNull(Type.String()),
      input: Type.Unknown(),
      output: Type.Unknown(),
      error: orNull(ErrorData),
    }),
    { description: 'In the order in which they became active' },
  ),
});

/** Tests of flows: running them, and making one of a run. */
export const flowTestRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/flows/:id/tests',
    action: 'flows.test',
    tag: 'Tests',
    summary: 'Run the tests of a flow',
    description: `In an engine of their own with simulated time, so that nothing of it is in the run history. The answer comes when all
have run; of a tenant one suite runs after the other. The report of a version is kept as its own.`,
    params,
    body: Type.Object(
      {
        version,
        only: Type.Optional(Type.String({ maxLength: 200, description: 'Tests whose file name contains it' })),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: { description: 'They have run', schema: Type.Object({ ...testReport, kept: Type.Boolean() }) },
    },
    handle: async ({ params: { id: flowId }, body: { version = 'draft', only }, identity }, api) =>
      ok(
        await testFlow(api, identity.tenant, {
          flowId,
          version,
          only,
          by: whoOf(identity),
          demand: demandsOn(identity),
        }),
      ),
  }),
  route({
    method: 'post',
    path: '/flows/:id/try',
    action: 'flows.test',
    tag: 'Tests',
    summary: 'Let a run go through a flow as it is being edited',
    description: `As a test does it: apart from everything else, with simulated time, the sandboxes of connection types in place of
other systems, and given outcomes in place of nodes. Nothing is stored, and nothing of it is in the run history.`,
    params,
    body: Type.Object(
      {
        flow: Type.Optional(Type.Unknown({ description: 'The document; the draft’s own where left out' })),
        to: Type.Optional(Type.String({ description: 'Node at which it ends; only what leads there is run' })),
        trigger: FlowTest.properties.trigger,
        mocks: FlowTest.properties.mocks,
        params: FlowTest.properties.params,
      },
      { additionalProperties: false },
    ),
    answers: { 200: { description: 'What the run did', schema: TriedRun } },
    handle: async ({ params: { id: flowId }, body: { flow, ...trial }, identity: { tenant } }, api) =>
      ok(await tryFlow(api, tenant, { flowId, ...trial, ...(flow !== undefined && { flow: flow as FlowDocument }) })),
  }),
  route({
    method: 'get',
    path: '/flows/:id/tests',
    action: 'flows.read',
    tag: 'Tests',
    summary: 'How the tests of a version went last',
    params,
    query: Type.Object({ version }, { additionalProperties: false }),
    answers: {
      200: { description: 'The report', schema: Report },
    },
    handle: async ({ params: { id: flowId }, query: { version = 'draft' }, identity: { tenant } }, api) =>
      ok(await readReport(api, tenant, { flowId, version })),
  }),
  route({
    method: 'post',
    path: '/runs/:id/test',
    action: 'runs.read',
    tag: 'Tests',
    summary: 'Make a test of a run that has ended',
    description: `Its trigger, with a mock for each step that would not do the same again by itself, and what came of it. Secrets are
hidden. Nothing is stored.`,
    params: Type.Object({ id: Uuid }),
    answers: { 200: { description: 'A test as flows have them', schema: FlowTest } },
    handle: async ({ params: { id }, identity: { tenant } }, api) => ok(await testOfRun(api, tenant.id, id)),
  }),
];
