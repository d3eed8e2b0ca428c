import type { FlowBundle, FlowDocument } from '@millrace/flow';
import { readBenchFlow } from './flows.ts';

/** Of the twenty, `send` is one; schedules are the other half. */
const hooks = 9;
const schedules = 10;

/** The addresses that {@link tenantFlows} have besides `bench/send`, below those of the tenant. */
export const hookPaths: readonly string[] = Array.from({ length: hooks }, (_, index) => `bench/hook-${index + 1}`);

/** Twenty flows, as a tenant of the bench has them: half of them wait for requests, the others for their time. */
export function tenantFlows(): FlowBundle[] {
  const webhook = (path: string) => ({ type: 'core/webhook', version: 1, config: { path, method: 'POST' } });
  const nightly = { type: 'core/schedule', version: 1, config: { rule: '0 3 * * *' } };
  return [
    readBenchFlow('send'),
    ...hookPaths.map((path, index) => flowOf(`hook-${index + 1}`, webhook(path))),
    ...Array.from({ length: schedules }, (_, index) => flowOf(`nightly-${index + 1}`, nightly)),
  ];
}

function flowOf(id: string, begin: FlowDocument['nodes'][string]): FlowBundle {
  const map = { type: 'core/map', version: 1, config: { expression: '{ "seen": true }' } };
  const flow = { format: 1 as const, id, name: id, nodes: { begin, map }, edges: [{ from: 'begin', to: 'map' }] };
  return { flow, layout: { nodes: {} }, samples: {}, tests: {}, records: [] };
}
