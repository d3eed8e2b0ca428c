import { setTimeout as sleep } from 'node:timers/promises';
import { percentilesOf } from './figures.ts';
import type { Percentiles } from './protocol.ts';

export interface RateFigures extends Percentiles {
  /** How many were sent in a second. */
  readonly perSecond: number;
  readonly count: number;
}

/**
 * Sends at a rate whatever becomes of what was sent before: an open loop, as events come from outside. A time is from the
 * moment at which one was due to its end, so that a sender that falls behind shows.
 * @param isOver asked before each; everything that was sent is then waited for
 * @throws the first thing that went wrong: a figure with such is no figure
 */
export async function atRate(
  perSecond: number,
  isOver: (seconds: number) => boolean,
  send: (number: number) => Promise<void>,
): Promise<RateFigures> {
  const begun = performance.now();
  const times: number[] = [];
  const failures: unknown[] = [];
  const sent: Promise<void>[] = [];
  const carry = async (number: number, due: number) => {
    await send(number);
    times.push(performance.now() - due);
  };
  for (let number = 0; failures.length === 0; number++) {
    const due = begun + (number * 1000) / perSecond;
    if (isOver((due - begun) / 1000)) break;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    sent.push(carry(number, due).catch((error: unknown) => void failures.push(error)));
  }
  await Promise.all(sent);
  if (failures.length > 0) throw failures[0];
  const seconds = (performance.now() - begun) / 1000;
  return { ...percentilesOf(times), perSecond: times.length / seconds, count: times.length };
}
