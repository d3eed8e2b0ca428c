import { setTimeout as sleep } from 'node:timers/promises';
import { emptyTally, figuresOf, note, type Tally } from './figures.ts';
import type { LoadFigures } from './protocol.ts';
import type { Watch } from './run-load.ts';

export interface RatePlan {
  /** Requests a second, each at its time whether or not those before it were answered: an open loop. */
  readonly perSecond: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Sends the request with this number, from 0 on. @throws where it was not answered as it must be */
  readonly send: (number: number) => Promise<void>;
}

/**
 * Sends at a steady rate. Times are from when a request was due, so that a sender who comes late, because all were busy, does
 * not hide it. Requests are few enough for this very process.
 */
export async function loadAtRate(
  { perSecond, warmUpSeconds, seconds, send }: RatePlan,
  watch: Watch,
): Promise<LoadFigures> {
  const [warm, counted] = [emptyTally(), emptyTally()];
  const pace = paceOf(perSecond, send);
  await pace(0, warmUpSeconds * perSecond, warm);
  await watch.begun();
  const begun = performance.now();
  await pace(warmUpSeconds * perSecond, seconds * perSecond, counted);
  const took = (performance.now() - begun) / 1000;
  await watch.ended();
  return figuresOf(counted, took);
}

/** Sends so many requests from a number on; done when all are answered. */
function paceOf(perSecond: number, send: RatePlan['send']) {
  return async (first: number, count: number, tally: Tally): Promise<void> => {
    const begun = performance.now();
    const under: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const due = begun + (index * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      under.push(tallied(first + index, due, send, tally));
    }
    await Promise.all(under);
  };
}

async function tallied(number: number, due: number, send: RatePlan['send'], tally: Tally): Promise<void> {
  try {
    await send(number);
    note(tally, { sent: due, ended: performance.now() });
  } catch (error) {
    tally.failed++;
    tally.complaint ??= String(error);
  }
}
