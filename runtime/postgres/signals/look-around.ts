import { type RawBuilder, sql } from 'kysely';
import { rows } from '../json.ts';
import type { NewSignal } from './store-signals.ts';

/** What is known of a signal's mailbox. */
export interface Seen {
  /** The open wait, and its run. */
  readonly wait: string | null;
  readonly run: string | null;
  /** Somebody has waited there before. */
  readonly closed: boolean;
  /** The very same waits to be handled. */
  readonly pending: boolean;
  /** The very same has come before. */
  readonly repeated: boolean;
  /** Id under which the very same malformed signal is stored. */
  readonly malformed: string | null;
}

/**
 * Asks what is known of each signal's mailbox, in their order. Each question has a limit and is looked up by an index,
 * however much has come and gone there; an `exists` PostgreSQL would rather answer by reading everything.
 */
export function lookAround(signals: readonly NewSignal[]): RawBuilder<Seen> {
  return sql<Seen>`
    select open.id as wait, open.run_id as run,
      coalesce(
        (select true from millrace.wait where (tenant_id, environment, channel, key)
          = (new.tenant, new.environment, new.channel, new.key) and state <> 'open' limit 1),
        -- Waits that went into the archive.
        (select true from millrace.mailbox where (tenant_id, environment, channel, key)
          = (new.tenant, new.environment, new.channel, new.key) limit 1), false) as closed,
      coalesce((${sameSignal} and state in ('kept', 'matched') limit 1), false) as pending,
      coalesce((${sameSignal} limit 1),
        -- It came for one that went into the archive.
        (select true from millrace.mailbox_signal where (tenant_id, environment, channel, key, fingerprint)
          = (new.tenant, new.environment, new.channel, new.key, new.fingerprint) limit 1), false) as repeated,
      (select id from millrace.signal where (tenant_id, environment, channel, fingerprint)
        = (new.tenant, new.environment, new.channel, new.fingerprint) and (new.malformed is not null or new.key is null)
        and state = 'malformed' limit 1) as malformed
    from json_to_recordset(${rows(signals.map(({ payload, ...signal }, place) => ({ ...signal, place })))}) as new
      (place int, tenant uuid, environment text, channel text, key text, fingerprint text, malformed text)
    left join lateral (
      select id, run_id from millrace.wait where (tenant_id, environment, channel, key)
        = (new.tenant, new.environment, new.channel, new.key) and state = 'open' limit 1) as open on true
    order by new.place`;
}

/** Found by what it says; by the tenant, for which there is an index too, all that the tenant has would be read. */
const sameSignal = sql`
  select true from millrace.signal where (fingerprint, key) = (new.fingerprint, new.key)
    and (channel, environment) = (new.channel, new.environment) and array[tenant_id] = array[new.tenant]`;
