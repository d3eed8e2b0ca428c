import { measureArrivals } from '../commerce/arrivals.ts';
import { measureSweep, type SweepFigures } from '../commerce/sweep.ts';
import type { RateFigures } from '../load/at-rate.ts';
import type { Bench } from './cell.ts';

/** What the templates of the shop do under the load that they are made for. */
export interface CommerceFigures {
  /** Stock changes from their sending to the answer that they are stored, in milliseconds. */
  readonly arrivals: RateFigures;
  readonly sweep: SweepFigures;
}

export async function measureCommerce(bench: Bench): Promise<CommerceFigures> {
  return { arrivals: await measureArrivals(bench), sweep: await measureSweep(bench) };
}
