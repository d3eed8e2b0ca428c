import { isObject, type Problem } from '@millrace/contract';
import { Check } from 'typebox/value';
import { flowBounds } from '../bounds.ts';
import { FlowDocument, FlowEdge, FlowNode, isId } from '../document.ts';
import { pointer } from '../pointer.ts';
import { checkSize } from './check-size.ts';

/** What of a malformed document can be checked further. */
export interface Readable {
  readonly flow: FlowDocument;
  /** Whether a problem found in `flow` may come only of what was malformed and is reported already. */
  isConsequence(problem: Problem): boolean;
}

/** Stand-ins keep malformed things in their place, so that pointers stay true and nothing misses them. */
const unreadable: FlowNode = { type: '', version: 1, config: {} };
const unreadableEdge: FlowEdge = { from: '', to: '' };

/** Found by following edges, so not to be trusted where an edge is unreadable. */
const foundByEdges = new Set(['NODE_UNREACHABLE', 'STEP_NOT_BEFORE']);

/** The document with everything malformed replaced by stand-ins; nothing where it has no nodes and edges at all. */
export function readablePart(document: unknown): Readable | undefined {
  if (Check(FlowDocument, document) && Object.keys(document.nodes).every(isId))
    return { flow: document, isConsequence: () => false };
  const { nodes, edges, ...rest } = record(document);
  if (!isObject(nodes) || !Array.isArray(edges)) return undefined;
  const badNodes = Object.entries(record(nodes))
    .filter(([id, node]) => !isId(id) || !Check(FlowNode, node))
    .map(([id]) => id);
  const badEdges = new Set(edges.keys().filter((index) => !Check(FlowEdge, edges[index])));
  const places = [
    ...badNodes.map((id) => pointer('nodes', id)),
    ...[...badEdges].map((index) => pointer('edges', index)),
  ];
  return {
    flow: {
      ...readableRest(rest),
      nodes: {
        ...(nodes as FlowDocument['nodes']),
        ...Object.fromEntries(badNodes.map((id) => [id, standIn(record(nodes)[id])])),
      },
      edges: edges.map((edge, index) => (badEdges.has(index) ? unreadableEdge : edge)),
    },
    isConsequence: (problem) =>
      places.some((place) => problem.pointer === place || problem.pointer.startsWith(`${place}/`)) ||
      (badEdges.size > 0 && foundByEdges.has(problem.code)),
  };
}

/** The flow in a document, without what is malformed; nothing in one that is no flow at all, or too large to be looked at. */
export function readableFlow(document: unknown): FlowDocument | undefined {
  return checkSize(document, flowBounds) ? undefined : readablePart(document)?.flow;
}

/** A malformed node stays in its body, so that its edges do not seem to cross the border. */
function standIn(node: unknown): FlowNode {
  const { parent } = record(node);
  return typeof parent === 'string' && isId(parent) ? { ...unreadable, parent } : unreadable;
}

/** Besides nodes and edges: what has the right form, or nothing. */
function readableRest(rest: Record<string, unknown>): Omit<FlowDocument, 'nodes' | 'edges'> {
  const { properties } = FlowDocument;
  const kept = (name: keyof typeof properties) =>
    Check(properties[name], rest[name]) && rest[name] !== undefined ? { [name]: rest[name] } : {};
  return { format: 1, id: 'unreadable', name: '', ...kept('parameters'), ...kept('connections'), ...kept('onError') };
}

function record(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
