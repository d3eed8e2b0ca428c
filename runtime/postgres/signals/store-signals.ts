import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { newId } from '../runs/ids.ts';
import { type WakeUp, wakeRuns } from '../runs/wake-up.ts';
import { together } from '../together.ts';
import { lockMailboxes, mailboxName } from './lock-mailboxes.ts';

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

interface Seen {
  readonly wait: string | null;
  readonly run: string | null;
  readonly closed: boolean;
  readonly pending: boolean;
  readonly repeated: boolean;
  readonly malformed: string | null;
}

async function placesFor(tx: Tx, signals: readonly NewSignal[]): Promise<Place[]> {
  const addressed = signals.flatMap((signal) => (isAddressed(signal) ? [signal] : []));
  const [, , { rows: seen }] = await together([
    lockMailboxes(tx, addressed),
    lockWaitingRuns(tx, addressed),
    lookAround(tx, signals),
  ]);
  return signals.map((signal, index) => placeOf(signal, seen[index] as Seen));
}

/**
 * What is known of each signal's mailbox. Each question has a limit, so that PostgreSQL looks it up by an index; an
 * `exists` it would rather answer by reading everything.
 */
function lookAround(tx: Tx, signals: readonly NewSignal[]) {
  return sql<Seen>`
    select open.id as wait, open.run_id as run,
      past.known is not null or coalesce((
        select true from millrace.wait where (tenant_id, environment, channel, key)
          = (new.tenant, new.environment, new.channel, new.key) and state <> 'open' limit 1), false) as closed,
      same.pending, same.known or coalesce(past.known, false) as repeated,
      (select id from millrace.signal where (tenant_id, environment, channel, fingerprint)
        = (new.tenant, new.environment, new.channel, new.fingerprint) and (new.malformed is not null or new.key is null)
        and state = 'malformed' limit 1) as malformed
    from json_to_recordset(${rows(signals.map(({ payload, ...signal }, place) => ({ ...signal, place })))}) as new
      (place int, tenant uuid, environment text, channel text, key text, fingerprint text, malformed text)
    left join lateral (
      select id, run_id from millrace.wait where (tenant_id, environment, channel, key)
        = (new.tenant, new.environment, new.channel, new.key) and state = 'open' limit 1) as open on true
    cross join lateral (
      select coalesce((${sameSignal} and state in ('kept', 'matched') limit 1), false) as pending,
        coalesce((${sameSignal} limit 1), false) as known) as same
    left join lateral (
      -- Waits that went into the archive, and whether this very signal came for one of them.
      select new.fingerprint = any(fingerprints) as known from millrace.mailbox
      where (tenant_id, environment, channel, key) = (new.tenant, new.environment, new.channel, new.key)
      order by known desc limit 1) as past on true
    order by new.place`.execute(tx);
}

/** Found by what it says; by the tenant, for which there is an index too, all that the tenant has would be read. */
const sameSignal = sql`
  select true from millrace.signal where (fingerprint, key) = (new.fingerprint, new.key)
    and (channel, environment) = (new.channel, new.environment) and array[tenant_id] = array[new.tenant]`;

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
