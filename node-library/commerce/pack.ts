import { definePack } from '@millrace/contract';
import { acts, erpSandbox } from './sandbox/sandbox.ts';

/** The ERP that a shop is connected to, played for flow tests; the flows themselves are made of the nodes that there are. */
export default definePack({
  id: 'commerce',
  title: 'Commerce',
  nodes: [],
  triggers: [],
  connections: [],
  sandboxes: [
    {
      connection: 'core/http',
      kind: 'commerce-erp',
      summary: `An ERP that takes a shop’s orders, logged in to by a bearer token. ${acts}`,
      start: (options) => erpSandbox(options, 'bearer'),
    },
    {
      connection: 'core/http',
      kind: 'commerce-erp-api-key',
      summary: `The same, logged in to by an API key in a header. ${acts}`,
      start: (options) => erpSandbox(options, 'api-key'),
    },
  ],
});
