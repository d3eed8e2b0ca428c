import type { Json } from '@millrace/contract';
import type { MachineState } from '@millrace/flow';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import { roughRowSize, roughSize } from './rough-size.ts';

/** Characters of what a burst writes, roughly: what flows have put into it, and something for each row. */
export function burstSize(burst: BurstWrites): number {
  const { state, steps, passes, passResults, startedRuns, records, answer, next } = burst;
  return total([
    ...[state, ...passes.map((pass) => pass.state)].map(stateSize),
    ...[...steps, ...passResults].map(roughRowSize),
    ...startedRuns.map(({ payload }) => roughSize(payload)),
    ...records.flatMap(({ changes }) => changes.map(({ data }) => roughSize(data))),
    roughSize(answer?.body),
    roughSize(outputOf(next)),
  ]);
}

function stateSize(state: MachineState | undefined): number {
  return state ? total(Object.values(state.context.outputs).map(roughSize)) : 0;
}

function outputOf(next: BurstWrites['next']): Json | undefined {
  return typeof next === 'object' && next.status === 'succeeded' ? next.output : undefined;
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
