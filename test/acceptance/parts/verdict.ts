/** Something that must be so, with what was seen. */
export interface Outcome {
  readonly what: string;
  /** In a few words. */
  readonly seen: string;
  readonly holds: boolean;
}

/** Prints a line for each outcome and one for all; answers the exit code. */
export function tellOutcomes(outcomes: readonly Outcome[]): 0 | 1 {
  const width = Math.max(...outcomes.map(({ what }) => what.length));
  for (const { what, seen, holds } of outcomes)
    console.log(`${holds ? 'held' : 'FELL'}  ${what.padEnd(width)}  ${seen}`);
  const held = outcomes.filter(({ holds }) => holds).length;
  console.log(`tried ${outcomes.length}, held ${held}`);
  return held === outcomes.length ? 0 : 1;
}
