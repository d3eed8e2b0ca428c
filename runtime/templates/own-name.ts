import type { CatalogueDescription, Json } from '@millrace/contract';
import { type FlowBundle, type FlowDocument, type FlowNode, replaceParts } from '@millrace/flow';
import { formattedPlaces } from '../flows/formatted-places.ts';

/** Config fields that hold the id of a flow say so by this format in their schema. */
const flowId = 'flow-id';

/**
 * The bundle as a flow of another id and name. Where it means itself, in the config of its nodes or as the writer of its
 * records, it does so under the new id; other flows, record types, tables and channels are shared, and stay.
 */
export function named(
  bundle: FlowBundle,
  { id, name }: Pick<FlowDocument, 'id' | 'name'>,
  types: CatalogueDescription,
): FlowBundle {
  const { flow, records } = bundle;
  const own = (text: string) => (text === flow.id ? id : text);
  const nodes = Object.entries(flow.nodes).map(([key, node]) => [key, withFlowIds(node, types, own)]);
  return {
    ...bundle,
    flow: { ...flow, id, name, nodes: Object.fromEntries(nodes) },
    records: records.map((type) => (type.writers ? { ...type, writers: type.writers.map(own) } : type)),
  };
}

/** A flow that another one names in the config of a node, by its id. */
export interface NamedFlow {
  readonly id: string;
  /** Into the flow. */
  readonly pointer: string;
}

/** The other flows that a flow names; what an expression computes is not known. */
export function flowsNamed({ id: own, nodes }: FlowDocument, types: CatalogueDescription): NamedFlow[] {
  const all = Object.entries(nodes).flatMap(([key, node]) => flowIdsIn(node, types, `/nodes/${key}/config`));
  return all.filter(({ id }) => id !== own && !id.startsWith('{%'));
}

function withFlowIds(node: FlowNode, types: CatalogueDescription, change: (id: string) => string): FlowNode {
  const places = new Map(flowIdsIn(node, types, '').map(({ id, pointer }) => [pointer, id]));
  const config = replaceParts(node.config as Json, [], (_part, path) => {
    const id = places.get(path.map((name) => `/${name}`).join(''));
    return id === undefined ? undefined : change(id);
  });
  return { ...node, config: config as FlowNode['config'] };
}

function flowIdsIn({ type, config }: FlowNode, types: CatalogueDescription, at: string): NamedFlow[] {
  const schema = types.nodes.find(({ id }) => id === type)?.config;
  return formattedPlaces(config as Json, schema, at).flatMap(({ format, value, pointer }) =>
    format === flowId && typeof value === 'string' ? [{ id: value, pointer }] : [],
  );
}
