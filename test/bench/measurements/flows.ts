import type { RunningSystem } from '../systems/system.ts';
import type { FlowName } from '../workload/flows.ts';
import { type Bench, measureCell } from './cell.ts';

const inFlights = [1, 16, 64, 256] as const;

/**
 * One round of the flows at every number in flight. The systems take turns at each, so that what is compared was measured
 * within a minute: the machine drifts.
 */
export async function measureFlows(
  bench: Bench,
  systems: readonly RunningSystem[],
  flows: readonly FlowName[],
): Promise<void> {
  const begun = new Set<RunningSystem>();
  for (const flow of flows)
    for (const inFlight of inFlights)
      for (const system of systems) {
        await measureCell(bench, system, { series: flow, size: inFlight, inFlight, flow, fresh: !begun.has(system) });
        begun.add(system);
      }
}
