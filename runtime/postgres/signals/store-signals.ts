import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { newId } from '../runs/ids.ts';
import { type WakeUp, wakeRuns } from '../runs/wake-up.ts';
import { together } from '../together.ts';
import { type Mailbox, mailboxName, tryLockMailboxes } from './lock-mailboxes.ts';
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

/**
 * `kept`: it came before anybody waited for it, or its step could not handle it for the moment. `matched`: to an open wait,
 * whose run has not taken it yet. `accepted`, `rejected`: by the node that waited. `late`: what waited for it waits no more.
 * `malformed`: it can be matched with nothing.
 */
export type SignalState = 'kept' | 'matched' | 'accepted' | 'rejected' | 'duplicate' | 'late' | 'malformed';

/** Somebody else is writing to the signal's mailbox, or with the run that waits for it: it is not stored, and may be soon. */
export class MailboxBusy extends Error {
  /** As PostgreSQL says that a lock was not to be had. */
  readonly code = '55P03';
}

export interface StoredSignal {
  readonly id: string;
  readonly state: SignalState;
  /** The run that it woke, when it matched an open wait. */
  readonly wakeUp?: WakeUp;
}

/**
 * Stores signals, each of a mailbox of its own, and where a wait is open for one, matches it and rouses the run.
 * Whatever a signal is, it is kept and can be seen; only a match changes anything. It waits for no lock: what somebody else
 * is at is left, so that it keeps none of the others waiting.
 * @param rouse makes runs ready for which something has come; they are locked
 */
export async function storeSignals(
  tx: Tx,
  signals: readonly NewSignal[],
  rouse: (runs: readonly WakeUp[]) => Promise<void> = (runs) => wakeRuns(tx, runs),
): Promise<(StoredSignal | MailboxBusy)[]> {
  const placed = await placesFor(tx, signals);
  const stored = placed.filter(isPlaced);
  const matched = stored.flatMap(({ run, tenant }) => (run === undefined ? [] : { run, tenant }));
  await together([insert(tx, stored), rouse(matched)]);
  return placed.map((signal) => (isPlaced(signal) ? told(signal) : signal));
}

function isPlaced(signal: PlacedSignal | MailboxBusy): signal is PlacedSignal {
  return !(signal instanceof MailboxBusy);
}

function told({ id, state, run, tenant }: PlacedSignal): StoredSignal {
  return { id, state, ...(run !== undefined && { wakeUp: { run, tenant } }) };
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

type PlacedSignal = NewSignal & Place & { readonly id: string };

async function placesFor(tx: Tx, signals: readonly NewSignal[]): Promise<(PlacedSignal | MailboxBusy)[]> {
  const addressed = signals.filter(isAddressed);
  const [mailboxes, runs, { rows: seen }] = await together([
    tryLockMailboxes(tx, addressed),
    lockWaitingRuns(tx, addressed),
    lookAround(signals).execute(tx),
  ]);
  return signals.map((signal, index) => {
    const found = seen[index] as Seen;
    const isOurs = mailboxes.has(mailboxName(signal as Mailbox)) && (found.run === null || runs.has(found.run));
    if (isAddressed(signal) && !isOurs) return new MailboxBusy('Somebody else has the mailbox of the signal.');
    const place = placeOf(signal, found);
    return { ...signal, ...place, id: place.known ?? signal.id ?? newId() };
  });
}

function isAddressed(signal: NewSignal): signal is NewSignal & { readonly key: string } {
  return signal.malformed === undefined && signal.key !== undefined;
}

/**
 * A run closes its waits under its own lock, so that who looks for an open one holds that too. Answers the runs that nobody
 * else has locked.
 */
async function lockWaitingRuns(tx: Tx, signals: readonly NewSignal[]): Promise<ReadonlySet<string>> {
  if (signals.length === 0) return new Set();
  const { rows: locked } = await sql<{ id: string }>`
    select id from millrace.run where id in (
      select open.run_id from json_to_recordset(${rows(signals.map(({ payload, ...signal }) => signal))}) as new
        (tenant uuid, environment text, channel text, key text)
      cross join lateral (
        select run_id from millrace.wait where (tenant_id, environment, channel, key)
          = (new.tenant, new.environment, new.channel, new.key) and state = 'open' limit 1) as open)
    order by id for update skip locked`.execute(tx);
  return new Set(locked.map(({ id }) => id));
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

async function insert(tx: Tx, signals: readonly PlacedSignal[]): Promise<void> {
  const fresh = signals.filter(({ known }) => known === undefined);
  if (fresh.length === 0) return;
  await sql`
    insert into millrace.signal
      (id, tenant_id, environment, channel, key, source, fingerprint, payload, state, reason, wait_id, run_id)
    select id, tenant, environment, channel, key, source, fingerprint,
      coalesce(payload, 'null'), state, reason, wait, run
    from json_to_recordset(${rows(fresh)}) as new
      (id uuid, tenant uuid, environment text, channel text, key text, source text, fingerprint text, payload json,
       state text, reason text, wait uuid, run uuid)`.execute(tx);
}
