import type { RunDetail, Step } from '../api/types.ts';
import { type Difference, differencesOf } from '../parts/difference.ts';
import { lastSteps } from './trace.ts';

export type Verdict = 'same' | 'different' | 'onlyLeft' | 'onlyRight';

/** How two runs fared at a node. */
export interface NodePair {
  readonly node: string;
  readonly left: Step | undefined;
  readonly right: Step | undefined;
  readonly verdict: Verdict;
  readonly inputs: readonly Difference[];
  readonly outputs: readonly Difference[];
}

type Compared = Pick<RunDetail, 'steps' | 'trigger'>;

/** Two runs side by side: every node that either came to, in the order of the left one, and what differs there. */
export function compareRuns(left: Compared, right: Compared): readonly NodePair[] {
  const [ours, theirs] = [lastSteps(left.steps), lastSteps(right.steps)];
  const nodes = new Set([...ours.keys(), ...theirs.keys()]);
  return [...nodes].map((node) => pairOf(node, ours.get(node), theirs.get(node)));
}

function pairOf(node: string, left: Step | undefined, right: Step | undefined): NodePair {
  const inputs = left && right ? differencesOf(left.input, right.input) : [];
  const outputs = left && right ? differencesOf(left.output, right.output) : [];
  const isSame =
    left?.status === right?.status && left?.port === right?.port && left?.error?.code === right?.error?.code;
  const verdict: Verdict = !right
    ? 'onlyLeft'
    : !left
      ? 'onlyRight'
      : isSame && inputs.length === 0 && outputs.length === 0
        ? 'same'
        : 'different';
  return { node, left, right, verdict, inputs, outputs };
}
