import { isObject, type Json, type JsonObject } from '@millrace/contract';
import { isEqual } from '../parts/is-equal.ts';
import { type Path, partsOf } from '../parts/parts.ts';
import { valueAt } from '../parts/value-at.ts';
import { pathOf } from '../pointer.ts';
import type { Conflict } from './conflict.ts';
import type { Versions } from './versions.ts';

/**
 * Places that are contested because of what the merged bundle looks like: a node or slot that one side has taken out and
 * the other uses anew, and, of a node that one side has taken out and the other changed, its edges and its box.
 * @param resolved the merged bundle with what is mine, and with what is theirs, where there are conflicts
 */
export function entailed(
  versions: Versions<Json>,
  resolved: readonly Json[],
  conflicts: readonly Conflict[],
): readonly Path[] {
  const nodes = conflicts.map((each) => pathOf(each.pointer)).filter(isNode);
  return [
    ...resolved.flatMap((merged) => missing(versions, merged)),
    ...nodes.flatMap((node) => around(versions, String(node.at(-1)))),
  ];
}

function isNode(path: Path): boolean {
  return path.length === 3 && path[0] === 'flow' && path[1] === 'nodes';
}

/** What the merged flow refers to and does not have, though a side has it. */
function missing({ mine, theirs }: Versions<Json>, merged: Json): readonly Path[] {
  const isIn = (bundle: Json, path: Path) => valueAt(bundle, path) !== undefined;
  return references(merged).filter((path) => !isIn(merged, path) && (isIn(mine, path) || isIn(theirs, path)));
}

function around({ mine, theirs }: Versions<Json>, node: string): readonly Path[] {
  const edges = [...new Set([mine, theirs].flatMap((bundle) => edgesAt(bundle, node)))];
  const paths = [['layout', 'nodes', node], ...edges.map((edge) => ['flow', 'edges', edge])];
  return paths.filter((path) => !isEqual(valueAt(mine, path), valueAt(theirs, path)));
}

function edgesAt(bundle: Json, node: string): readonly string[] {
  return Object.entries(membersAt(bundle, ['flow', 'edges'])).flatMap(([name, edge]) =>
    isObject(edge) && (edge.from === node || edge.to === node) ? [name] : [],
  );
}

/** Places of the nodes and slots that a flow's nodes, edges and `onError` name. */
function references(bundle: Json): readonly Path[] {
  const objectsIn = (...path: Path) => Object.values(membersAt(bundle, path)).filter(isObject);
  const nodes = objectsIn('flow', 'nodes');
  const named = [
    ...nodes.map(({ parent }) => parent),
    ...objectsIn('flow', 'edges').flatMap(({ from, to }) => [from, to]),
    valueAt(bundle, ['flow', 'onError']),
  ];
  return [
    ...named.flatMap((node) => (typeof node === 'string' ? [['flow', 'nodes', node]] : [])),
    ...nodes.flatMap(({ connection }) => (typeof connection === 'string' ? [['flow', 'connections', connection]] : [])),
  ];
}

function membersAt(bundle: Json, path: Path): JsonObject {
  const value = valueAt(bundle, path);
  return Object.fromEntries((value !== undefined && partsOf(value, path)?.byName) || []);
}
