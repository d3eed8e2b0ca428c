import type { ErrorCategory } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface DeadLetterRow {
  readonly runId: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly environment: string;
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
  readonly flow?: string | undefined;
  readonly code?: string | undefined;
  readonly category?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: DeadLetterRow['state'] | undefined;
}

/** Runs that failed for good, newest first. */
export async function listDeadLetters(
  tx: Tx,
  tenant: string,
  filter: DeadLetterFilter & { readonly limit: number; readonly before?: string },
): Promise<DeadLetterRow[]> {
  const { rows } = await sql<DeadLetterRow>`
    select run_id as "runId", flow_id as "flowId", coalesce(flow.name, flow_id) as "flowName", environment, category, code,
      message, step, state, at, settled_at as "settledAt", settled_by as "settledBy", note
    from millrace.all_dead_letters as letter
    left join millrace.flow on flow.tenant_id = letter.tenant_id and flow.id = letter.flow_id
    where letter.tenant_id = ${tenant} ${matching(filter)}
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

/** Open dead letters that are alike. */
export interface DeadLetterGroup {
  readonly flowId: string;
  readonly flowName: string;
  readonly environment: string;
  readonly category: ErrorCategory;
  readonly code: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Of the newest. */
  readonly message: string;
}

/** Groups of what is open, the largest first. It reads all that is open once. */
export async function groupDeadLetters(tx: Tx, tenant: string, most: number): Promise<DeadLetterGroup[]> {
  const { rows } = await sql<DeadLetterGroup>`
    select flow_id as "flowId", coalesce(flow.name, flow_id) as "flowName", environment, category, code, count(*) as count,
      min(at) as "firstAt", max(at) as "lastAt", (array_agg(message order by run_id desc))[1] as message
    from millrace.dead_letter as letter
    left join millrace.flow on flow.tenant_id = letter.tenant_id and flow.id = letter.flow_id
    where letter.tenant_id = ${tenant} and state = 'open'
    group by flow_id, flow.name, environment, category, code
    order by count(*) desc, flow_id, environment, category, code limit ${most}`.execute(tx);
  return rows;
}

function matching({ flow, code, category, environment, state }: DeadLetterFilter) {
  return sql`
    ${category === undefined ? sql`` : sql`and category = ${category}`}
    ${environment === undefined ? sql`` : sql`and environment = ${environment}`}
    ${flow === undefined ? sql`` : sql`and flow_id = ${flow}`}
    ${code === undefined ? sql`` : sql`and code = ${code}`}
    ${state === undefined ? sql`` : sql`and state = ${state}`}`;
}
