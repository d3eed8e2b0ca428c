import type { Cell, Series } from '../measurements/cell.ts';
import type { SystemName } from '../systems/system.ts';

const times = { p50: 10, p95: 20, p99: 30, max: 40 };
const perFlow = { commits: 2, transactions: 2, walBytes: 5000, walSyncs: 2, systemCpu: 1000, databaseCpu: 500 };

interface Circumstances {
  readonly inFlight?: number;
  readonly system?: SystemName;
  readonly p50?: number;
}

/** A cell as if it had been measured, Millrace's unless another system is named. */
export function cellOf(
  series: Series,
  size: number,
  perSecond: number,
  { inFlight = size, system = 'Millrace', p50 = times.p50 }: Circumstances = {},
): Cell {
  const fromSent = { ...times, p50 };
  const measured = { flows: perSecond, seconds: 1, perSecond, fromSent, fromAccepted: times, failed: 0, perFlow };
  return { series, size, inFlight, system, measured };
}
