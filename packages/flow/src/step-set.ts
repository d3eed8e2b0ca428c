/** Steps of one plan as the bits of a number, by their order: unions and differences of many sets cost next to nothing. */
export type StepSet = bigint;

export const noSteps: StepSet = 0n;

export function onlyStep(order: number): StepSet {
  return 1n << BigInt(order);
}

export function hasStep(steps: StepSet, order: number): boolean {
  return (steps & onlyStep(order)) !== noSteps;
}

export function withoutSteps(steps: StepSet, others: StepSet): StepSet {
  return steps & ~others;
}

export function unionOf(sets: Iterable<StepSet>): StepSet {
  let union = noSteps;
  for (const each of sets) union |= each;
  return union;
}
