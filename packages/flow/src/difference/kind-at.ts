import type { Path } from '../parts/parts.ts';
import { pointer } from '../pointer.ts';
import type { Change, FlowKind, NamedKind } from './change.ts';

/** What a place belongs to. */
export type Subject =
  | Pick<Extract<Change, { kind: NamedKind }>, 'kind' | 'name' | 'field'>
  | Pick<Extract<Change, { kind: FlowKind }>, 'kind' | 'field'>;

/** Where things of a kind with names are; `*` is the name, and below is what belongs to them. The first that fits counts. */
const namedKinds: readonly (readonly [NamedKind, Path])[] = [
  ['node-title', ['flow', 'nodes', '*', 'title']],
  ['node-type', ['flow', 'nodes', '*', 'type']],
  ['node-version', ['flow', 'nodes', '*', 'version']],
  ['node-parent', ['flow', 'nodes', '*', 'parent']],
  ['node-connection', ['flow', 'nodes', '*', 'connection']],
  ['config', ['flow', 'nodes', '*', 'config']],
  ['retry', ['flow', 'nodes', '*', 'retry']],
  ['node', ['flow', 'nodes', '*']],
  ['edge', ['flow', 'edges', '*']],
  ['parameter-default', ['flow', 'parameters', 'properties', '*', 'default']],
  ['parameter', ['flow', 'parameters', 'properties', '*']],
  ['slot', ['flow', 'connections', '*']],
  ['record-type', ['records', '*']],
  ['code-table', ['tables', '*']],
  ['mapping', ['mappings', '*']],
  ['test', ['tests', '*']],
  ['sample', ['samples', '*']],
];

const flowKinds: readonly (readonly [FlowKind, Path])[] = [
  ['parameters', ['flow', 'parameters']],
  ['on-error', ['flow', 'onError']],
  ['flow', ['flow']],
  ['flow', []],
];

/** What is at a path of a bundle, by its kind. */
export function subjectAt(path: Path): Subject {
  const [kind, place] = namedKinds.find(([, place]) => isUnder(place, path)) ?? [];
  if (kind && place) {
    const name = path[place.indexOf('*')] ?? '';
    return { kind, name, field: pointer(...path.slice(place.length)) };
  }
  const [flowKind, flowPlace] = flowKinds.find(([, each]) => isUnder(each, path)) ?? ['flow' as const, []];
  return { kind: flowKind, field: pointer(...path.slice(flowPlace.length)) };
}

function isUnder(place: Path, path: Path): boolean {
  return place.length <= path.length && place.every((name, at) => name === '*' || name === path[at]);
}
