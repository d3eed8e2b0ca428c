import type { Limits } from '../limits/limits.ts';
import type { Cell, Failure } from '../measurements/cell.ts';
import type { CommerceFigures } from '../measurements/commerce.ts';
import type { TenantsFigures } from '../tenants/figures.ts';
import { medianOfEach } from './median.ts';
import { medianRatios, type Ratio, ratiosOf } from './ratios.ts';
import type { Round } from './round.ts';

/** Finished runs that were stored before the measurement. */
export interface Stored {
  readonly runs: number;
  readonly seconds: number;
  readonly bytes: number;
}

/** Everything that a bench has found out. What is not about medians is not here. */
export interface Results {
  readonly limits?: Limits;
  readonly commerce: CommerceFigures;
  /** Ascending. */
  readonly tenants: readonly TenantsFigures[];
  readonly cells: readonly Cell[];
  readonly ratios: readonly Ratio[];
  readonly stored: readonly Stored[];
  readonly failures: readonly Failure[];
}

export function resultsOf(rounds: readonly Round[], stored: readonly Stored[], failures: readonly Failure[]): Results {
  const limits = medianOf(rounds.flatMap((round) => round.limits ?? []));
  const arrivals = medianOf(rounds.flatMap(({ commerce }) => commerce?.arrivals ?? []));
  const sweep = medianOf(rounds.flatMap(({ commerce }) => commerce?.sweep ?? []));
  return {
    ...(limits && { limits }),
    commerce: { ...(arrivals && { arrivals }), ...(sweep && { sweep }) },
    tenants: medianTenants(rounds.flatMap(({ tenants = [] }) => tenants)),
    cells: medianCells(rounds.flatMap(({ cells }) => cells)),
    ratios: medianRatios(rounds.map(ratiosOf)),
    stored: stored.map(({ runs, seconds, bytes }) => ({ runs, seconds, bytes })),
    failures,
  };
}

function medianOf<T extends object>([first, ...others]: readonly T[]): T | undefined {
  return first && medianOfEach([first, ...others]);
}

function medianTenants(figures: readonly TenantsFigures[]): TenantsFigures[] {
  return [...Map.groupBy(figures, ({ tenants }) => tenants).values()].flatMap((group) => medianOf(group) ?? []);
}

/** Cells of several rounds: of each one the medians. */
function medianCells(cells: readonly Cell[]): Cell[] {
  const groups = Object.groupBy(cells, (cell) => [cell.series, cell.size, cell.inFlight, cell.system].join());
  return Object.values(groups).flatMap((group = []) => medianOf(group) ?? []);
}
