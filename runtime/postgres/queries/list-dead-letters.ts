import type { ErrorCategory } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface DeadLetterRow {
  readonly runId: string;
  readonly flowId: string;
  readonly category: ErrorCategory;
  readonly code: string;
  readonly message: string;
  readonly step: string | null;
  readonly state: 'open' | 'redriven' | 'discarded';
  readonly at: Date;
  readonly settledAt: Date | null;
  readonly settledBy: string | null;
  readonly note: string | null;
}

export interface DeadLetterFilter {
  readonly flow?: string;
  readonly code?: string;
  readonly state?: DeadLetterRow['state'];
}

/** Runs that failed for good, newest first. */
export async function listDeadLetters(
  tx: Tx,
  tenant: string,
  filter: DeadLetterFilter & { readonly limit: number; readonly before?: string },
): Promise<DeadLetterRow[]> {
  const { rows } = await sql<DeadLetterRow>`
    select run_id as "runId", flow_id as "flowId", category, code, message, step, state, at,
      settled_at as "settledAt", settled_by as "settledBy", note
    from millrace.all_dead_letters
    where tenant_id = ${tenant} ${matching(filter)}
      ${filter.before === undefined ? sql`` : sql`and run_id < ${filter.before}`}
    order by run_id desc limit ${filter.limit}`.execute(tx);
  return rows;
}

/** Ids of the open dead letters that fit, oldest first. */
export async function openDeadLetters(
  tx: Tx,
  tenant: string,
  filter: DeadLetterFilter,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select run_id as id from millrace.dead_letter
    where tenant_id = ${tenant} ${matching({ ...filter, state: 'open' })}
    order by run_id limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

function matching({ flow, code, state }: DeadLetterFilter) {
  return sql`
    ${flow === undefined ? sql`` : sql`and flow_id = ${flow}`}
    ${code === undefined ? sql`` : sql`and code = ${code}`}
    ${state === undefined ? sql`` : sql`and state = ${state}`}`;
}
