import type { RunDetail, Step } from '../api/types.ts';

/** Steps that a run that has ended can be replayed from: its own; passes of a loop are replayed from the loop. */
export function replayable({ steps, finishedAt }: Pick<RunDetail, 'steps' | 'finishedAt'>): readonly Step[] {
  return finishedAt === null ? [] : steps.filter(({ key }) => !key.includes('['));
}
