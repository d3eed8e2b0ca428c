import type { Studio } from './studio.fixture.ts';

/** Two orders wait for an approval, `PO-9` and `PO-4711`; one has come for `PO-4771`, of which nobody has heard. */
export async function misdirectApproval(studio: Studio): Promise<void> {
  await studio.call('POST', '/flows', approvals);
  await studio.call('POST', '/flows/approvals/deploy', {});
  for (const number of ['PO-9', 'PO-4711']) await studio.call('POST', '/flows/approvals/run', { payload: { number } });
  await studio.call('POST', '/signals', { channel: 'approvals', key: 'PO-4771', payload: { by: '<b>Olga</b>' } });
}

const approvals = {
  flow: {
    format: 1,
    id: 'approvals',
    name: 'Approvals',
    nodes: {
      begin: { type: 'core/manual', version: 1, title: 'Order', config: {} },
      ack: {
        type: 'core/wait-for-signal',
        version: 1,
        title: 'Wait for the approval',
        config: { channel: 'approvals', key: '{% number %}', dueAfter: 'P1D' },
      },
    },
    edges: [{ from: 'begin', to: 'ack' }],
  },
  layout: { nodes: { begin: { x: 0, y: 0 }, ack: { x: 360, y: 0 } } },
  samples: {},
  tests: {},
  records: [],
};
