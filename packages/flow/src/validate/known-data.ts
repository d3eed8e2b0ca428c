import { expressionOf, isObject, type Json, type JsonObject, outputMarks } from '@millrace/contract';
import { everyGraph, type FlowGraph, type FlowGraphs, type GraphNode, type Outlet, ownNodes } from '../graph.ts';
import { errorPort } from '../ports.ts';

/** JSON Schemas of which data fits one; absent where nothing is known of it. */
export type Schemas = readonly Json[] | undefined;

/** What is known of the data on its way through a flow, before it ever runs. */
export interface KnownData {
  /** What a node gets. */
  inputOf(node: string): Schemas;
  /** What a node gives, as those behind it find it in `$steps`. */
  outputOf(node: string): Schemas;
  /** What starts a run. */
  readonly payload: Schemas;
}

/** Node types say what leaves them; from there it is followed along the edges. */
export function knownData(graphs: FlowGraphs): KnownData {
  const inputs = new Map<string, Schemas>();
  for (const graph of everyGraph(graphs)) for (const [id, known] of inputsIn(graph)) inputs.set(id, known);
  const leaving = (node: GraphNode) =>
    anyOf(node.outlets.filter(isOutput).map((outlet) => leaves(node, outlet, inputs)));
  return {
    inputOf: (id) => inputs.get(id),
    outputOf(id) {
      const node = graphs.nodes.get(id);
      return node && leaving(node);
    },
    payload: anyOf(ownNodes(graphs.main).flatMap((node) => (node.type.kind === 'trigger' ? [leaving(node)] : []))),
  };
}

/** In the order of the graph, so that what leads to a node is known before it; on a cycle nothing is. */
function inputsIn(graph: FlowGraph): ReadonlyMap<string, Schemas> {
  const inputs = new Map<string, Schemas>();
  const arriving = new Map<string, Schemas[]>();
  const fansOut = [...graph.nodes.values()].some(({ outlets }) => outlets.some(({ targets }) => targets.length > 1));
  for (const id of graph.ranked) {
    const arrived = arriving.get(id) ?? [];
    // Where branches may join there, the input is an object of what they gave.
    inputs.set(id, fansOut && arrived.length > 1 ? undefined : anyOf(arrived));
    const node = graph.nodes.get(id);
    for (const outlet of id === graph.owner ? [] : (node?.outlets ?? [])) {
      const left = node && outlet.targets.length > 0 ? leaves(node, outlet, inputs) : undefined;
      for (const to of outlet.targets) arriving.set(to, [...(arriving.get(to) ?? []), left]);
    }
  }
  return inputs;
}

/** Whether somebody behind the outlet can find in `$steps` what left by it; an error is no output. */
function isOutput({ name, targets }: Outlet): boolean {
  return targets.length > 0 && name !== errorPort;
}

/**
 * What leaves by an outlet. A port that the config names emits what the first of the type's outputs does, and behind an
 * error the failed node's own input goes on.
 */
function leaves({ id, node, type }: GraphNode, { name }: Outlet, inputs: ReadonlyMap<string, Schemas>): Schemas {
  if (name === errorPort) return inputs.get(id);
  const own = Object.hasOwn(type.outputs, name) ? type.outputs[name] : undefined;
  const schema = own ?? (type.portsFrom && Object.values(type.outputs)[0]);
  if (!schema) return undefined;
  const { sameAsInput, fitsConfig } = outputMarks(schema);
  if (sameAsInput) return inputs.get(id);
  if (fitsConfig === undefined) return [schema as unknown as Json];
  const configured = (node.config as JsonObject)[fitsConfig];
  return configured !== undefined && isObject(configured) && isFixed(configured) ? [configured] : undefined;
}

/** Whether a part of a config is what it looks like: no expression in it is evaluated first. */
export function isFixed(value: Json): boolean {
  if (Array.isArray(value)) return value.every(isFixed);
  return isObject(value) ? Object.values(value).every(isFixed) : expressionOf(value) === undefined;
}

function anyOf(alternatives: readonly Schemas[]): Schemas {
  const known = alternatives.filter((each) => each !== undefined);
  return known.length === 0 || known.length < alternatives.length ? undefined : [...new Set(known.flat())];
}
