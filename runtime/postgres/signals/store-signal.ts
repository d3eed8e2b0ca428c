import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';
import type { WakeUp } from '../queue.ts';
import { lockMailboxes } from './lock-mailboxes.ts';

export interface NewSignal {
  readonly tenant: string;
  readonly environment: string;
  readonly channel: string;
  readonly key?: string;
  readonly source: string;
  readonly fingerprint: string;
  readonly payload: Json;
  readonly malformed?: string;
}

export type SignalState = 'kept' | 'matched' | 'accepted' | 'rejected' | 'duplicate' | 'late' | 'malformed';

export interface StoredSignal {
  readonly id: string;
  readonly state: SignalState;
  /** The run that it woke, when it matched an open wait. */
  readonly wakeUp?: WakeUp;
}

/**
 * Stores a signal and, when a wait is open for its channel and key, matches it and wakes the run. Whatever it is, it is
 * kept and can be seen; only a match changes anything.
 */
export async function storeSignal(tx: Tx, signal: NewSignal): Promise<StoredSignal> {
  if (signal.malformed !== undefined || signal.key === undefined) return storeMalformed(tx, signal);
  const mailbox = { ...signal, key: signal.key };
  await lockMailboxes(tx, [mailbox]);
  await lockWaitingRun(tx, mailbox);
  const place = await placeFor(tx, mailbox);
  const stored = await insert(tx, signal, place);
  if (place.run === undefined) return stored;
  await sql`update millrace.run set wake = wake + 1, status = 'running', updated_at = millrace.now() where id = ${place.run} and status in ('running', 'waiting')`.execute(
    tx,
  );
  return { ...stored, wakeUp: { run: place.run, tenant: signal.tenant } };
}

/** The same finding reported again is not stored again. */
async function storeMalformed(tx: Tx, signal: NewSignal): Promise<StoredSignal> {
  const { rows } = await sql<{ id: string }>`
    select id from millrace.signal
    where tenant_id = ${signal.tenant} and environment = ${signal.environment} and channel = ${signal.channel}
      and fingerprint = ${signal.fingerprint} and state = 'malformed' limit 1`.execute(tx);
  if (rows[0]) return { id: rows[0].id, state: 'malformed' };
  return insert(tx, signal, { state: 'malformed', reason: signal.malformed ?? 'It is addressed to nobody.' });
}

/** A run closes its waits under its own lock, so that who looks for an open one holds that too. */
async function lockWaitingRun(tx: Tx, signal: NewSignal & { key: string }): Promise<void> {
  await sql`
    select from millrace.run where id in (
      select run_id from millrace.wait
      where tenant_id = ${signal.tenant} and environment = ${signal.environment} and channel = ${signal.channel}
        and key = ${signal.key} and state = 'open')
    for update`.execute(tx);
}

interface Place {
  readonly state: SignalState;
  readonly reason?: string;
  readonly wait?: string;
  readonly run?: string;
}

/** Open wait: matched, unless this very finding already waits to be handled. Otherwise early, late or a repeat. */
async function placeFor(tx: Tx, signal: NewSignal & { key: string }): Promise<Place> {
  const seen = await sql<{
    open_wait: string | null;
    run: string | null;
    closed: boolean;
    pending: boolean;
    repeated: boolean;
  }>`
    with same as (
      select state from millrace.signal
      where tenant_id = ${signal.tenant} and environment = ${signal.environment} and channel = ${signal.channel}
        and key = ${signal.key} and fingerprint = ${signal.fingerprint}
    ), waits as (
      select id, run_id, state from millrace.wait
      where tenant_id = ${signal.tenant} and environment = ${signal.environment} and channel = ${signal.channel}
        and key = ${signal.key}
    )
    select
      (select id from waits where state = 'open') as open_wait,
      (select run_id from waits where state = 'open') as run,
      exists (select from waits where state <> 'open') as closed,
      exists (select from same where state in ('kept', 'matched')) as pending,
      exists (select from same) as repeated`.execute(tx);
  const { open_wait, run, closed, pending, repeated } = seen.rows[0] as (typeof seen.rows)[number];
  if (pending || (repeated && open_wait === null))
    return { state: 'duplicate', reason: 'The same was received before.' };
  if (open_wait !== null && run !== null) return { state: 'matched', wait: open_wait, run };
  if (closed) return { state: 'late', reason: 'Nothing waits for it any more.' };
  return { state: 'kept' };
}

async function insert(tx: Tx, signal: NewSignal, place: Place): Promise<StoredSignal> {
  const { rows } = await sql<{ id: string }>`
    insert into millrace.signal
      (tenant_id, environment, channel, key, source, fingerprint, payload, state, reason, wait_id, run_id)
    values
      (${signal.tenant}, ${signal.environment}, ${signal.channel}, ${signal.key ?? null}, ${signal.source},
       ${signal.fingerprint}, ${json(signal.payload)}, ${place.state}, ${place.reason ?? null}, ${place.wait ?? null},
       ${place.run ?? null})
    returning id`.execute(tx);
  return { id: (rows[0] as { id: string }).id, state: place.state };
}
