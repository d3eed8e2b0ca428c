import type { Json, Signal } from '@millrace/contract';
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

interface Row extends Pick<Inbox, 'wake' | 'cancel' | 'now'> {
  readonly run: string;
  readonly signals: readonly (Omit<Inbox['signals'][number], 'receivedAt'> & { readonly receivedAt: string })[];
  readonly timers: readonly (Omit<DueTimer, 'dueAt'> & { readonly dueAt: string })[];
}

/**
 * The inboxes of several runs. A run without one does not exist any more. One statement, so that all of it is of one
 * instant: what arrives after it raises the counter, and the commit will notice.
 */
export async function loadInboxes(tx: Tx, runs: readonly string[]): Promise<Map<string, Inbox>> {
  if (runs.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select run.id as run, run.wake, run.cancel, millrace.now() as now, coalesce(signals, '[]') as signals,
      coalesce(timers, '[]') as timers
    from millrace.run
    left join lateral (
      select json_agg(json_build_object('id', signal.id, 'channel', signal.channel, 'key', signal.key, 'payload',
        signal.payload, 'source', signal.source, 'receivedAt', signal.received_at, 'step', wait.step) order by signal.id)
      from millrace.signal join millrace.wait on wait.id = signal.wait_id
      where signal.run_id = run.id and signal.state = 'matched') as s (signals) on true
    left join lateral (
      select json_agg(json_build_object('id', id, 'step', step, 'kind', kind, 'dueAt', due_at) order by due_at, id)
      from millrace.timer where run_id = run.id and due_at <= millrace.now()) as t (timers) on true
    where run.id = any(${runs}::uuid[])`.execute(tx);
  return new Map(rows.map(({ run, ...row }) => [run, { ...row, ...withDates(row) }]));
}

/** In JSON, times are text. */
function withDates({ signals, timers }: Pick<Row, 'signals' | 'timers'>): Pick<Inbox, 'signals' | 'timers'> {
  return {
    signals: signals.map((signal) => ({ ...signal, receivedAt: new Date(signal.receivedAt) })),
    timers: timers.map((timer) => ({ ...timer, dueAt: new Date(timer.dueAt) })),
  };
}

/** Of the waits on a key that there have been, so many are told of. */
const mostEarlier = 1_000;

/**
 * Details of the latest closed waits on a channel and key, oldest first; those in the archive too, while its mailbox knows
 * them.
 */
export async function loadEarlierWaits(
  tx: Tx,
  on: { tenant: string; environment: string; channel: string; key: string },
): Promise<{ detail: Record<string, Json> }[]> {
  const { rows } = await sql<{ detail: Record<string, Json> }>`
    select detail from (select * from (
      select id, detail from millrace.wait
      where ${isIn(on)} and state <> 'open'
      union all
      select wait_id, detail from millrace.mailbox
      where ${isIn(on)}) as closed
      order by id desc limit ${mostEarlier}) as latest
    order by id`.execute(tx);
  return rows;
}

function isIn({ tenant, environment, channel, key }: Parameters<typeof loadEarlierWaits>[1]) {
  return sql`(tenant_id, environment, channel, key) = (${tenant}, ${environment}, ${channel}, ${key})`;
}
