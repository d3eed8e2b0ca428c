import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { claimPayloads } from '../payloads/claim-payloads.ts';
import type { WakeUp } from '../runs/wake-up.ts';
import { MailboxBusy, type NewSignal, storeSignals } from '../signals/store-signals.ts';
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
  const told = stored.map((signal, index) => {
    // The commit has locked the mailbox and the parent: nobody else can have them.
    if (signal instanceof MailboxBusy) throw signal;
    return { wakeUp: signal.wakeUp, data: (signals[index] as NewSignal).payload };
  });
  await claimPayloads(
    tx,
    told.flatMap(({ wakeUp, data }) => (wakeUp ? [{ ...wakeUp, data }] : [])),
  );
  return told.flatMap(({ wakeUp }) => wakeUp ?? []);
}

/** Called runs that go on after all: what they have told of their end, and nobody has taken yet, is not so. */
export async function takeBackEnds(tx: Tx, called: readonly (WakeUp & { environment: string })[]): Promise<void> {
  if (called.length === 0) return;
  await sql`
    update millrace.signal set state = 'rejected', reason = 'The run that told of its end goes on.'
    from json_to_recordset(${rows(called)}) as again (run text, tenant uuid, environment text)
    where (signal.tenant_id, signal.environment, signal.channel, signal.key)
      = (again.tenant, again.environment, ${runChannel}, again.run) and signal.state in ('kept', 'late')`.execute(tx);
}

/** Called runs that have ended for good, and are called once more by the same step: the last that they told is told again. */
export async function tellEndsAgain(tx: Tx, called: readonly string[]): Promise<void> {
  if (called.length === 0) return;
  await sql`
    update millrace.signal set state = 'late', wait_id = null, run_id = null
    from millrace.run cross join lateral (
      select id, state from millrace.signal
      where (tenant_id, environment, channel, key) = (run.tenant_id, run.environment, ${runChannel}, run.id::text)
      order by id desc limit 1) as last
    where run.id = any(${called}::uuid[]) and run.status in ('succeeded', 'cancelled')
      and signal.id = last.id and last.state = 'accepted'`.execute(tx);
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
