import type { FlowDocument } from '@millrace/flow';

/**
 * The part of a flow that leads to a node: the node with everything before it, and the loops in whose bodies it stands
 * with what is before those, and the slots that these use. What is left out is nothing that a run would come to on its way.
 */
export function partUpTo(flow: FlowDocument, node: string): FlowDocument {
  const part = new Set<string>();
  const add = (id: string | undefined) => {
    if (id === undefined || part.has(id) || !flow.nodes[id]) return;
    part.add(id);
    add(flow.nodes[id]?.parent);
    for (const { from, to } of flow.edges) if (to === id) add(from);
  };
  add(node);
  const { onError, connections, ...rest } = flow;
  const nodes = Object.entries(flow.nodes).filter(([id]) => part.has(id));
  const slots = new Set(nodes.map(([, { connection }]) => connection));
  return {
    ...rest,
    ...(connections && {
      connections: Object.fromEntries(Object.entries(connections).filter(([name]) => slots.has(name))),
    }),
    nodes: Object.fromEntries(nodes),
    edges: flow.edges.filter(({ from, to }) => part.has(from) && part.has(to)),
    ...(onError !== undefined && part.has(onError) && { onError }),
  };
}
