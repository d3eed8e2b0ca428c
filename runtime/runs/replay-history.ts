import type { Json } from '@millrace/contract';
import type { EndOfStep, Replay } from '@millrace/flow';
import type { StepRow } from '../postgres/commit/burst-writes.ts';
import type { StoredStep } from '../postgres/queries/load-steps.ts';
import type { StoredWait } from '../postgres/queries/load-waits.ts';

/** How the steps of a run ended, those that have, as its history tells it. */
export function endsOf(steps: readonly StoredStep[], waits: readonly StoredWait[]): EndOfStep[] {
  const expired = new Map(waits.filter(({ state }) => state === 'expired').map((wait) => [wait.step, wait]));
  return steps.flatMap((step) => endOf(step, expired.get(step.key)) ?? []);
}

/** @param expired its wait, if that ended by time: of what it then gave the history has nothing */
function endOf(step: StoredStep, expired: StoredWait | undefined): EndOfStep | undefined {
  const { key, status, port, output, error, finishedAt } = step;
  if (finishedAt === null) return undefined;
  const end = { step: key, at: finishedAt.toISOString() };
  if (status === 'failed' && error) return { type: 'fail', ...end, error };
  if (status !== 'done' || port === null) return undefined;
  if (port !== 'expired' || !expired) return { type: 'emit', ...end, port, data: output };
  const { channel, key: awaited } = expired;
  return { type: 'expire', ...end, wait: { kind: 'wait', channel, key: awaited } };
}

/** The history that the new run begins with. What the step gets may have been edited, so it is told as it is now. */
export function toldSteps({ state, told }: Replay, steps: readonly StoredStep[], from: string): StepRow[] {
  const { outputs, active } = state.context;
  const sources = new Set([active[from]?.from ?? []].flat());
  const byKey = new Map(steps.map((step) => [step.key, step]));
  return [...told].flatMap(([key, inputFrom]) => {
    const step = byKey.get(key);
    if (!step) return [];
    const output = sources.has(key) && Object.hasOwn(outputs, key) ? outputs[key] : step.output;
    return [rowOf(step, inputFrom, output ?? null)];
  });
}

function rowOf(step: StoredStep, inputFrom: NonNullable<StepRow['inputFrom']>, output: Json): StepRow {
  const { key, node, status, attempts, startedAt, finishedAt, port, error } = step;
  return {
    key,
    node,
    status,
    attempts,
    startedAt: startedAt.toISOString(),
    inputFrom,
    ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
    ...(port !== null && { port }),
    ...(error ? { error } : { output }),
  };
}
