import type { Signal } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface DueTimer {
  readonly id: string;
  readonly step: string;
  readonly kind: 'retry' | 'due' | 'expire';
  readonly dueAt: Date;
}

/** What has come for a run and is not consumed yet; consuming it is part of the run's next commit. */
export interface Inbox {
  readonly signals: readonly (Signal & { readonly step: string })[];
  readonly timers: readonly DueTimer[];
  readonly wake: number;
  readonly cancel: boolean;
  readonly now: Date;
}

export async function loadInbox(tx: Tx, run: string): Promise<Inbox> {
  // The counter first: what arrives after this statement raises it, and the commit will notice.
  const head = await sql<{ wake: number; cancel: boolean; now: Date }>`
    select wake, cancel, millrace.now() as now from millrace.run where id = ${run}`.execute(tx);
  const signals = await sql<Inbox['signals'][number]>`
    select signal.id, signal.channel, signal.key, signal.payload, signal.source, signal.received_at as "receivedAt",
      wait.step
    from millrace.signal join millrace.wait on wait.id = signal.wait_id
    where signal.run_id = ${run} and signal.state = 'matched' order by signal.id`.execute(tx);
  const timers = await sql<DueTimer>`
    select id, step, kind, due_at as "dueAt" from millrace.timer
    where run_id = ${run} and due_at <= millrace.now() order by due_at, id`.execute(tx);
  return {
    ...(head.rows[0] as { wake: number; cancel: boolean; now: Date }),
    signals: signals.rows,
    timers: timers.rows,
  };
}

/** Details of the closed waits on a channel and key, oldest first. */
export async function loadEarlierWaits(
  tx: Tx,
  on: { environment: string; channel: string; key: string },
): Promise<{ detail: Record<string, never> }[]> {
  const { rows } = await sql<{ detail: Record<string, never> }>`
    select detail from millrace.wait
    where environment = ${on.environment} and channel = ${on.channel} and key = ${on.key}
      and state <> 'open'
    order by id`.execute(tx);
  return rows;
}
