import type { FlowSummary } from '../api/types.ts';

export const stepNames = ['connection', 'flow', 'deploy', 'run'] as const;
export type StepName = (typeof stepNames)[number];

interface Known {
  readonly connections: number;
  readonly flows: readonly FlowSummary[];
  readonly hasRun: boolean;
}

/** What a tenant has behind it on the way to its first run. */
export function stepsDone({ connections, flows, hasRun }: Known): ReadonlySet<StepName> {
  const done: Record<StepName, boolean> = {
    connection: connections > 0,
    flow: flows.length > 0,
    deploy: flows.some(({ deployed }) => deployed !== null),
    run: hasRun,
  };
  return new Set(stepNames.filter((name) => done[name]));
}
