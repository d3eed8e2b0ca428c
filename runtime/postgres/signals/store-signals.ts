import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { newId } from '../runs/ids.ts';
import { type WakeUp, wakeRuns } from '../runs/wake-up.ts';
import { together } from '../together.ts';
import { lockMailboxes, mailboxName } from './lock-mailboxes.ts';
import { lookAround, type Seen } from './look-around.ts';

export interface NewSignal {
  /** Given where the signal must be known before it is stored. */
  readonly id?: string;
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
 * Stores signals, each of a mailbox of its own, and where a wait is open for one, matches it and rouses the run.
 * Whatever a signal is, it is kept and can be seen; only a match changes anything.
 * @param rouse makes runs ready for which something has come; they are locked
 */
export async function storeSignals(
  tx: Tx,
  signals: readonly NewSignal[],
  rouse: (runs: readonly WakeUp[]) => Promise<void> = (runs) => wakeRuns(tx, runs),
): Promise<StoredSignal[]> {
  const places = await placesFor(tx, signals);
  const stored = signals.map((signal, index) => ({ ...signal, ...(places[index] as Place) }));
  const matched = stored.flatMap(({ run, tenant }) => (run === undefined ? [] : { run, tenant }));
  const [ids] = await together([insert(tx, stored), rouse(matched)]);
  return stored.map(({ state, run, tenant }, index) => ({
    id: ids[index] as string,
    state,
    ...(run !== undefined && { wakeUp: { run, tenant } }),
  }));
}

/** What two signals of one write must not have in common: the mailbox, in which one comes after the other. */
export function mailboxKeys({ key, fingerprint, ...signal }: NewSignal): string[] {
  return [mailboxName({ ...signal, key: key ?? `(malformed) ${fingerprint}` })];
}

interface Place {
  readonly state: SignalState;
  readonly reason?: string;
  readonly wait?: string;
  readonly run?: string;
  /** The very same is stored already under this id, and not again. */
  readonly known?: string;
}

async function placesFor(tx: Tx, signals: readonly NewSignal[]): Promise<Place[]> {
  const addressed = signals.flatMap((signal) => (isAddressed(signal) ? [signal] : []));
  const [, , { rows: seen }] = await together([
    lockMailboxes(tx, addressed),
    lockWaitingRuns(tx, addressed),
    lookAround(signals).execute(tx),
  ]);
  return signals.map((signal, index) => placeOf(signal, seen[index] as Seen));
}

function isAddressed(signal: NewSignal): signal is NewSignal & { readonly key: string } {
  return signal.malformed === undefined && signal.key !== undefined;
}

/** A run closes its waits under its own lock, so that who looks for an open one holds that too. */
async function lockWaitingRuns(tx: Tx, signals: readonly NewSignal[]): Promise<void> {
  if (signals.length === 0) return;
  await sql`
    select from millrace.run where id in (
      select open.run_id from json_to_recordset(${rows(signals.map(({ payload, ...signal }) => signal))}) as new
        (tenant uuid, environment text, channel text, key text)
      cross join lateral (
        select run_id from millrace.wait where (tenant_id, environment, channel, key)
          = (new.tenant, new.environment, new.channel, new.key) and state = 'open' limit 1) as open)
    order by id for update`.execute(tx);
}

/** Open wait: matched, unless this very finding already waits to be handled. Otherwise early, late or a repeat. */
function placeOf(signal: NewSignal, { wait, run, closed, pending, repeated, malformed }: Seen): Place {
  if (!isAddressed(signal)) {
    const place = { state: 'malformed', reason: signal.malformed ?? 'It is addressed to nobody.' } as const;
    return malformed === null ? place : { ...place, known: malformed };
  }
  if (pending || (repeated && wait === null)) return { state: 'duplicate', reason: 'The same was received before.' };
  if (wait !== null && run !== null) return { state: 'matched', wait, run };
  return closed ? { state: 'late', reason: 'Nothing waits for it any more.' } : { state: 'kept' };
}

/** Answers the ids in the order of the signals. */
async function insert(tx: Tx, signals: readonly (NewSignal & Place)[]): Promise<string[]> {
  const values = signals.map((signal) => ({ ...signal, id: signal.known ?? signal.id ?? newId() }));
  const fresh = values.filter(({ known }) => known === undefined);
  if (fresh.length > 0)
    await sql`
      insert into millrace.signal
        (id, tenant_id, environment, channel, key, source, fingerprint, payload, state, reason, wait_id, run_id)
      select id, tenant, environment, channel, key, source, fingerprint,
        coalesce(payload, 'null'), state, reason, wait, run
      from json_to_recordset(${rows(fresh)}) as new
        (id uuid, tenant uuid, environment text, channel text, key text, source text, fingerprint text, payload json,
         state text, reason text, wait uuid, run uuid)`.execute(tx);
  return values.map(({ id }) => id);
}
