import { isObject, type Json, type JsonObject } from '@millrace/contract';
import type { FlowGraphs } from './graph.ts';
import { own } from './own.ts';
import { type Plan, planOf } from './plan.ts';
import type { MachineState } from './run-state.ts';
import type { PassKey } from './step-key.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';
import { expressionPlaces } from './validate/expression-places.ts';

/** What is read of a value: all of it, or these fields of it, and of each item where it is a list. */
export type Fields = 'all' | ReadonlyMap<string, Fields>;

/**
 * What the expressions of a flow read of each node's output by its name. A node that is not in it may be read whole, or is
 * read by nobody.
 */
export function fieldsReadOf({ nodes }: FlowGraphs, check: ExpressionCheck): ReadonlyMap<string, Fields> {
  const texts = [...nodes.values()].flatMap(({ type, node }) =>
    expressionPlaces(type.config, node.config as JsonObject, '').map(({ text }) => text),
  );
  const reads = texts.map(check);
  if (reads.some(({ readsAllSteps }) => readsAllSteps)) return new Map();
  const paths = reads.flatMap(({ steps, stepPaths }) => stepPaths ?? steps.map((id) => [id]));
  const fields = treeOf(paths);
  return fields === 'all' ? new Map() : fields;
}

function treeOf(paths: readonly (readonly string[])[]): Fields {
  if (paths.some(({ length }) => length === 0)) return 'all';
  const byName = Map.groupBy(paths, ([name]) => name as string);
  return new Map([...byName].map(([name, below]) => [name, treeOf(below.map(([, ...rest]) => rest))]));
}

/**
 * The state with outputs reduced to what is still read of them, which is often little of a long document. One that is an
 * active step's input, waits at a join or is where a branch ended stays whole.
 * @param pass whose state it is, if not the run's own
 */
export function withoutUnread<State extends MachineState>(plan: Plan, state: State, pass?: PassKey): State {
  const { steps, fieldsRead } = (pass === undefined ? plan : planOf(plan, pass)) ?? plan;
  const { active, arrivals, ends, outputs } = state.context;
  const holders = [...Object.values(active), ...Object.values(arrivals).flat()];
  const whole = new Set([...holders.flatMap(({ from }) => from), ...ends]);
  const reduced = Object.entries(outputs).map(([key, output]): [string, Json] => {
    const fields = fieldsRead.get(steps.get(key)?.nodeId ?? key);
    return [key, fields && !whole.has(key) ? reduce(output, fields) : output];
  });
  return { ...state, context: { ...state.context, outputs: Object.fromEntries(reduced) } };
}

function reduce(value: Json, fields: Fields): Json {
  if (fields === 'all') return value;
  if (Array.isArray(value)) return value.map((item: Json) => reduce(item, fields));
  if (!isObject(value)) return value;
  const kept = [...fields].flatMap(([name, below]): [string, Json][] => {
    const field = own(value, name);
    return field === undefined ? [] : [[name, reduce(field, below)]];
  });
  return Object.fromEntries(kept);
}
