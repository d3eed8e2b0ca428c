import type { Json } from '@millrace/contract';
import { isObject } from '@millrace/contract';
import { type MachineState, type Plan, withoutUnread } from '@millrace/flow';
import type { LargeValues } from '../payloads/large-values.ts';
import type { OwedWrites } from './owed.ts';
import { roughSize } from './rough-size.ts';

type Outputs = MachineState['context']['outputs'];

/** A machine's state with its large outputs by reference. */
export async function offloaded(state: MachineState, values: LargeValues): Promise<MachineState> {
  return withOutputs(state, await eachOutput(state.context.outputs, (value) => offloadIfLarge(value, values)));
}

/** The state that was offloaded. */
export async function loaded(state: MachineState, values: LargeValues): Promise<MachineState> {
  return withOutputs(state, await eachOutput(state.context.outputs, (value) => values.load(value)));
}

/** Rows of a run with their large values by reference; of the passes' states only what is still read. */
export async function offloadedWrites(writes: OwedWrites, plan: Plan, values: LargeValues): Promise<OwedWrites> {
  const { steps, passes, passResults } = writes;
  return {
    ...writes,
    steps: await Promise.all(steps.map((row) => offloadedRow(row, values))),
    passes: await Promise.all(
      passes.map(async ({ key, state }) => ({
        key,
        state: await offloaded(withoutUnread(plan, state, key), values),
      })),
    ),
    passResults: await Promise.all(passResults.map((row) => offloadedRow(row, values))),
  };
}

async function offloadedRow<Row extends { readonly input?: Json; readonly output?: Json }>(
  row: Row,
  values: LargeValues,
): Promise<Row> {
  return {
    ...row,
    ...(row.input !== undefined && { input: await offloadIfLarge(row.input, values) }),
    ...(row.output !== undefined && { output: await offloadIfLarge(row.output, values) }),
  };
}

/** A single value of the history. */
export async function offloadIfLarge(value: Json, values: LargeValues): Promise<Json> {
  return isObject(value) || Array.isArray(value) || typeof value === 'string' ? largeOffloaded(value, values) : value;
}

async function largeOffloaded(value: Json, values: LargeValues): Promise<Json> {
  return isSmall(value) && !(isObject(value) && '$payload' in value) ? value : values.offload(value);
}

async function eachOutput(outputs: Outputs, change: (value: Json) => Promise<Json>): Promise<Outputs> {
  const entries = Object.entries(outputs);
  const changed = await Promise.all(entries.map(async ([key, value]) => [key, await change(value)] as const));
  return changed.every(([, value], index) => value === entries[index]?.[1]) ? outputs : Object.fromEntries(changed);
}

function withOutputs(state: MachineState, outputs: Outputs): MachineState {
  return outputs === state.context.outputs ? state : { ...state, context: { ...state.context, outputs } };
}

/** Characters of JSON text, roughly, up to which nothing needs a closer look. */
const small = 32 * 1024;

/** So most values are looked at without being written. */
function isSmall(value: Json): boolean {
  return roughSize(value) < small;
}
