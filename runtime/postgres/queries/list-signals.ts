import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { SignalState } from '../signals/store-signals.ts';

export interface SignalRow {
  readonly id: string;
  readonly environment: string;
  readonly channel: string;
  readonly key: string | null;
  readonly source: string;
  readonly state: SignalState;
  readonly reason: string | null;
  readonly payload: Json;
  readonly receivedAt: Date;
  readonly runId: string | null;
  /** Step whose wait it matched. */
  readonly step: string | null;
}

export interface SignalFilter {
  readonly state?: string;
  readonly key?: string;
  readonly run?: string;
  readonly environment?: string;
  readonly limit: number;
  /** Id of the last signal of the page before. */
  readonly before?: string;
}

/** What becomes of signals that nobody has taken; of these few there is an index. */
export const unmatched = ['kept', 'late', 'rejected', 'malformed'] as const;

const isUnmatched = sql`and signal.state in (${sql.join(unmatched.map((state) => sql.lit(state)))})`;

/** Signals of whatever fate, newest first. */
export async function listSignals(tx: Tx, tenant: string, filter: SignalFilter): Promise<SignalRow[]> {
  const { state, key, run, environment, before } = filter;
  const { rows } = await sql<SignalRow>`
    select signal.id, signal.environment, signal.channel, signal.key, signal.source, signal.state, signal.reason, signal.payload,
      signal.received_at as "receivedAt", signal.run_id as "runId", wait.step
    from millrace.all_signals as signal left join millrace.all_waits as wait
      on wait.run_id = signal.run_id and wait.id = signal.wait_id
    where signal.tenant_id = ${tenant}
      ${state === undefined ? sql`` : state === 'unmatched' ? isUnmatched : sql`and signal.state = ${state}`}
      ${environment === undefined ? sql`` : sql`and signal.environment = ${environment}`}
      ${before === undefined ? sql`` : sql`and signal.id < ${before}`}
      ${key === undefined ? sql`` : sql`and signal.key = ${key}`}
      ${run === undefined ? sql`` : sql`and signal.run_id = ${run}`}
    order by signal.id desc limit ${filter.limit}`.execute(tx);
  return rows;
}
