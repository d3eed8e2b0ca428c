import type { Json, JsonObject, RunAnswer } from '@millrace/contract';
import { sql } from 'kysely';
import { loadAnswer } from '../postgres/commit/store-answers.ts';
import type { Tx } from '../postgres/database.ts';
import { loadSteps } from '../postgres/queries/load-steps.ts';

/** A run as a test looks at it. */
export interface ObservedRun {
  readonly id: string;
  /** Node that it began at; it is none of the steps. */
  readonly trigger: string;
  readonly status: string;
  readonly error: Json;
  readonly output: Json;
  readonly answer: RunAnswer | undefined;
  /** In the order of their first appearance. */
  readonly steps: readonly (JsonObject & {
    readonly node: string;
    readonly status: string;
    readonly port: string | null;
  })[];
}

export async function observeRun(tx: Tx, run: string): Promise<ObservedRun> {
  const head = await sql<Omit<ObservedRun, 'steps' | 'answer'>>`
    select id, trigger_node as trigger, status, error, output from millrace.run where id = ${run}`.execute(tx);
  const steps = (await loadSteps(tx, run)).map(({ startedAt, finishedAt, nextRetryAt, ...step }) => step);
  return {
    ...(head.rows[0] as Omit<ObservedRun, 'steps' | 'answer'>),
    answer: await loadAnswer(tx, run),
    steps: steps as unknown as ObservedRun['steps'],
  };
}

/** Records of a type, oldest first. */
export async function observeRecords(tx: Tx, type: string): Promise<Json[]> {
  const { rows } = await sql<{ data: Json }>`
    select data from millrace.record where type = ${type} order by created_at, id`.execute(tx);
  return rows.map((row) => row.data);
}

/** Signals in the order of their arrival. */
export async function observeSignals(tx: Tx): Promise<JsonObject[]> {
  const { rows } = await sql<JsonObject>`
    select state, key, source, reason, payload from millrace.signal order by id`.execute(tx);
  return rows;
}

export async function observeAlerts(tx: Tx): Promise<JsonObject[]> {
  const { rows } = await sql<JsonObject>`select code, severity, message from millrace.alert order by id`.execute(tx);
  return rows;
}

export async function openWaitOf(
  tx: Tx,
  run: string,
  step: string,
): Promise<{ channel: string; key: string } | undefined> {
  const { rows } = await sql<{ channel: string; key: string }>`
    select channel, key from millrace.wait where run_id = ${run} and step = ${step} and state = 'open'`.execute(tx);
  return rows[0];
}

/** When the next thing is due for one of the tenant's runs. */
export async function nextDue(tx: Tx): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`select min(due_at) as at from millrace.timer where not fired`.execute(
    tx,
  );
  return rows[0]?.at ?? undefined;
}
