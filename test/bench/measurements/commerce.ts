import { measureArrivals } from '../commerce/arrivals.ts';
import { measureSweep, type SweepFigures } from '../commerce/sweep.ts';
import type { LoadFigures } from '../load/protocol.ts';
import type { Bench } from './cell.ts';

/** What the templates of the shop do under the load that they are made for. */
export interface CommerceFigures {
  /** Stock changes from their sending to the answer that they are stored, in milliseconds. */
  readonly arrivals?: LoadFigures;
  readonly sweep?: SweepFigures;
}

/** One after the other; what comes to nothing is told, and is not there. */
export async function measureCommerce(bench: Bench): Promise<CommerceFigures> {
  const arrivals = await orNone(bench, 'stock changes', measureArrivals);
  const sweep = await orNone(bench, 'sweep', measureSweep);
  return { ...(arrivals && { arrivals }), ...(sweep && { sweep }) };
}

async function orNone<T>(bench: Bench, what: string, measure: (bench: Bench) => Promise<T>): Promise<T | undefined> {
  try {
    return await measure(bench);
  } catch (error) {
    bench.onFailure({ system: 'Millrace', what, message: (error as Error).message });
    return undefined;
  }
}
