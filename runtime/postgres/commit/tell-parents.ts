import type { Json } from '@millrace/contract';
import type { Tx } from '../database.ts';
import { claimPayloads } from '../payloads/claim-payloads.ts';
import type { WakeUp } from '../runs/wake-up.ts';
import { type NewSignal, storeSignals } from '../signals/store-signals.ts';
import type { BurstWrites } from './burst-writes.ts';

/** Where a run that called another waits for its end; the key is the called run's id. */
const runChannel = 'run';

/**
 * A called run that ends tells the one that called it: a signal with status, output and error. Whoever waited for it holds
 * the output's files from then on. Answers who was woken.
 */
export async function tellParents(tx: Tx, bursts: readonly BurstWrites[]): Promise<WakeUp[]> {
  const ended = bursts.filter(({ parent, next }) => parent !== null && typeof next === 'object');
  if (ended.length === 0) return [];
  const signals = ended.map(endSignal);
  const stored = await storeSignals(tx, signals);
  const told = stored.map(({ wakeUp }, index) => ({ wakeUp, data: (signals[index] as NewSignal).payload }));
  await claimPayloads(
    tx,
    told.flatMap(({ wakeUp, data }) => (wakeUp ? [{ ...wakeUp, data }] : [])),
  );
  return stored.flatMap(({ wakeUp }) => wakeUp ?? []);
}

export function endMailbox({ run, tenant, environment }: BurstWrites) {
  return { tenant, environment, channel: runChannel, key: run };
}

function endSignal(burst: BurstWrites) {
  const { run, revision, next } = burst;
  return {
    ...endMailbox(burst),
    source: `run ${run}`,
    fingerprint: `${run}/${revision}`,
    payload: { output: null, error: null, ...(next as object) } as unknown as Json,
  };
}
