import { isObject, type Json, type JsonObject, writeJson } from '@millrace/contract';
import type { FlowDocument } from './document.ts';
import { withSortedEdges } from './orderless.ts';

/** Orders of keys; what a list does not name comes behind, by the alphabet. */
const documentKeys = [
  '$schema',
  'format',
  'id',
  'name',
  'description',
  'parameters',
  'connections',
  'nodes',
  'edges',
  'onError',
];
const nodeKeys = ['type', 'version', 'title', 'parent', 'connection', 'config', 'retry'];
const edgeKeys = ['from', 'port', 'to'];
const otherKeys = ['$ref', 'type', 'format', 'title', 'description', 'to', 'from', 'each', 'fields'];

const width = 120;

/**
 * A flow document in its one canonical form: keys in a fixed order, nodes, connections and edges sorted, two spaces, a
 * newline at the end. Equal documents (in the sense of JSON, where the order of keys means nothing) give equal bytes, a
 * node or an edge is a line or lines of its own, and formatting again changes nothing.
 */
export function formatFlow(document: FlowDocument): string {
  return `${writeWide(inCanonicalForm(document) as unknown as JsonObject, '', 0)}\n`;
}

/** The document with its keys, nodes, connections and edges in the order in which they are written. */
export function inCanonicalForm(document: FlowDocument): FlowDocument {
  const { parameters, connections, nodes, edges, ...rest } = withSortedEdges(document) as unknown as JsonObject;
  return inOrder(documentKeys, {
    ...rest,
    ...(parameters !== undefined && { parameters: deeply(parameters) }),
    ...(connections !== undefined && { connections: deeply(connections) }),
    ...(nodes !== undefined && { nodes: isObject(nodes) ? eachValue(nodes, orderedNode) : nodes }),
    ...(edges !== undefined && { edges: Array.isArray(edges) ? edges.map(orderedEdge) : edges }),
  }) as unknown as FlowDocument;
}

function orderedNode(node: Json): Json {
  if (!isObject(node)) return node;
  return inOrder(nodeKeys, Object.fromEntries(Object.entries(node).map(([name, value]) => [name, deeply(value)])));
}

function orderedEdge(edge: Json): Json {
  return isObject(edge) ? inOrder(edgeKeys, edge) : edge;
}

function eachValue(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return inOrder([], Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)])));
}

function deeply(value: Json): Json {
  if (Array.isArray(value)) return value.map(deeply);
  if (!isObject(value)) return value;
  return inOrder(otherKeys, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, deeply(inner)])));
}

function inOrder(keys: readonly string[], object: JsonObject): JsonObject {
  const rank = (name: string) => (keys.includes(name) ? keys.indexOf(name) : keys.length);
  const names = Object.keys(object).sort((a, b) => rank(a) - rank(b) || compare(a, b));
  return Object.fromEntries(names.map((name) => [name, object[name] as Json]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Levels that are always spread over lines: the document, its lists, and each node. */
const wideLevels = new Set(['', '/parameters', '/connections', '/nodes', '/edges', '/nodes/*']);

function writeWide(value: Json, place: string, indent: number): string {
  if (isObject(value)) {
    const inner = place === '/nodes' ? () => '/nodes/*' : (name: string) => `${place}/${name}`;
    const members = Object.entries(value).map(([name, each]) => member(name, each, inner(name), indent + 2));
    return spread('{', members, '}', indent);
  }
  return Array.isArray(value)
    ? spread(
        '[',
        value.map((each) => fitting(each, '/*', indent + 2, 0)),
        ']',
        indent,
      )
    : writeJson(value);
}

function member(name: string, value: Json, place: string, indent: number): string {
  const key = `${JSON.stringify(name)}: `;
  return key + fitting(value, place, indent, key.length);
}

/** On one line where that has room for it and the comma behind, otherwise a line for each part. */
function fitting(value: Json, place: string, indent: number, before: number): string {
  if (!wideLevels.has(place)) {
    const flat = onOneLine(value);
    if (indent + before + flat.length + 1 <= width) return flat;
  }
  return writeWide(value, place, indent);
}

function spread(open: string, parts: readonly string[], close: string, indent: number): string {
  if (parts.length === 0) return open + close;
  const inner = ' '.repeat(indent + 2);
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${' '.repeat(indent)}${close}`;
}

function onOneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isObject(value)) return writeJson(value);
  const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${onOneLine(each)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
