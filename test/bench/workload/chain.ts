import type { FlowBundle, FlowEdge, FlowNode } from '@millrace/flow';
import { readBenchFlow } from './flows.ts';

/** The first and the last; between them are mappings. */
const fewest = 2;

export function chainName(nodes: number): string {
  return `chain-${nodes}`;
}

/**
 * A flow of so many nodes in a row: an order comes in, small mappings pass on its id and count themselves, the last node
 * sends what came out. What a node costs shows, not what its mapping does.
 * @throws {RangeError} below two nodes
 */
export function chainFlow(nodes: number): FlowBundle {
  if (nodes < fewest) throw new RangeError(`A chain has ${fewest} nodes or more, not ${nodes}.`);
  const { order, send } = readBenchFlow('send').flow.nodes;
  if (!order || !send) throw new Error('The flow “send” has lost its ends.');
  const { headers, ...config } = send.config;
  const row: [string, FlowNode][] = [
    ['order', { ...order, config: { ...order.config, path: `bench/${chainName(nodes)}` } }],
    ...Array.from({ length: nodes - fewest }, (_, index): [string, FlowNode] => [`map${index + 1}`, counting]),
    ['send', { ...send, config }],
  ];
  const names = row.map(([name]) => name);
  const edges = names.slice(1).map((to, index): FlowEdge => ({ from: names[index] as string, to }));
  return bundleOf(nodes, Object.fromEntries(row), edges);
}

const counting: FlowNode = {
  type: 'core/map',
  version: 1,
  config: { expression: '{ "orderId": orderId, "hops": (hops ? hops : 0) + 1 }' },
};

function bundleOf(count: number, nodes: Record<string, FlowNode>, edges: FlowEdge[]): FlowBundle {
  const { flow } = readBenchFlow('send');
  const chain = { ...flow, id: `bench-${chainName(count)}`, name: `Bench: ${count} nodes`, nodes, edges };
  return { flow: chain, layout: { nodes: {} }, samples: {}, tests: {}, records: [] };
}
