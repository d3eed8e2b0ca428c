/* For tests only. */
import { orderFlow } from '../http/test-instance.fixture.ts';

/** A ship's requisition in two versions of its system's data. */
export const requisition = {
  name: 'requisition',
  title: 'Requisition',
  target: {
    type: 'object',
    required: ['externalRef', 'vessel', 'lines'],
    properties: {
      externalRef: { type: 'string' },
      vessel: { type: 'string' },
      hazard: { type: 'string' },
      lines: { type: 'array', items: { type: 'object', required: ['quantity'] } },
    },
  },
  core: [
    { to: 'externalRef', from: 'requisition_id', required: true },
    { to: 'lines', each: 'lines', fields: [{ to: 'quantity', from: 'qty', required: true }] },
  ],
  versions: [
    {
      version: '2.1',
      status: 'DEPRECATED',
      sunset: '2999-12-31',
      fields: [{ to: 'vessel', from: 'vessel', required: true }],
    },
    { version: '2.3', status: 'ACTIVE', fields: [{ to: 'vessel', from: 'vessel_code', required: true }] },
  ],
};
/** Webhook → mapped by the version that it names. */
export const requisitionFlow = (mappings: readonly object[] = [requisition]) => ({
  ...orderFlow('requisitions'),
  flow: {
    ...orderFlow('requisitions').flow,
    nodes: {
      arrived: { type: 'core/webhook', version: 1, config: { path: 'requisitions' } },
      map: { type: 'core/map-by-version', version: 1, config: { mapping: 'requisition', version: '{% version %}' } },
    },
    edges: [{ from: 'arrived', to: 'map' }],
  },
  layout: { nodes: {} },
  mappings,
});
export const requisitions = requisitionFlow();
