import { setTimeout as sleep } from 'node:timers/promises';
import { emptyTally, figuresOf, note, type Tally } from './figures.ts';
import type { LoadFigures } from './protocol.ts';
import type { Watch } from './run-load.ts';

export interface OpenLoopPlan {
  /** Each is sent at its time, whether or not those before it have come to their end, as events come from outside. */
  readonly perSecond: number;
  /** Sent before counting begins, and waited for. */
  readonly warmUpSeconds: number;
  /** How long is counted; or asked before each that is sent. */
  readonly seconds: number | { isOver(): boolean };
  /** Sends the one with this number, from 0 on. @throws where it did not come to the end that it must come to */
  readonly send: (number: number) => Promise<void>;
}

/** Counts so many of a steady rate. */
interface Stretch {
  readonly first: number;
  readonly isOver: (sent: number) => boolean;
  readonly tally: Tally;
}

const watchNothing: Watch = { begun: async () => undefined, ended: async () => undefined };

/**
 * Load at a steady rate. Times are from when something was due, so that a sender who comes late, because all were busy, does
 * not hide it. It is little enough for this very process.
 */
export async function openLoop(plan: OpenLoopPlan, watch: Watch = watchNothing): Promise<LoadFigures> {
  const { perSecond, warmUpSeconds, seconds } = plan;
  const [warm, tally] = [emptyTally(), emptyTally()];
  const warmUps = warmUpSeconds * perSecond;
  await sendAll(plan, { first: 0, isOver: (sent) => sent >= warmUps, tally: warm });
  await watch.begun();
  const begun = performance.now();
  const isOver = typeof seconds === 'number' ? (sent: number) => sent >= seconds * perSecond : () => seconds.isOver();
  await sendAll(plan, { first: warmUps, isOver, tally });
  const took = (performance.now() - begun) / 1000;
  await watch.ended();
  return figuresOf(tally, took);
}

/** Done when all have come to their end. */
async function sendAll({ perSecond, send }: OpenLoopPlan, { first, isOver, tally }: Stretch): Promise<void> {
  const begun = performance.now();
  const under: Promise<void>[] = [];
  for (let sent = 0; !isOver(sent); sent++) {
    const due = begun + (sent * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    under.push(tallied(first + sent, due, send, tally));
  }
  await Promise.all(under);
}

async function tallied(number: number, due: number, send: OpenLoopPlan['send'], tally: Tally): Promise<void> {
  try {
    await send(number);
    note(tally, { sent: due, ended: performance.now() });
  } catch (error) {
    tally.failed++;
    tally.complaint ??= String(error);
  }
}
