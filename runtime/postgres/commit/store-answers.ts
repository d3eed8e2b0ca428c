import type { RunAnswer } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';

/** What a run answers to the request that started it, with whose it is. */
export interface AnswerRow extends RunAnswer {
  readonly run: string;
  readonly tenant: string;
}

/** Stores answers; the first one of a run counts, so that whoever asks again hears the same. Answers the runs whose first it is. */
export async function storeAnswers(tx: Tx, answers: readonly AnswerRow[]): Promise<ReadonlySet<string>> {
  if (answers.length === 0) return new Set();
  const { rows: stored } = await sql<{ run: string }>`
    insert into millrace.run_answer (run_id, tenant_id, status, headers, body)
    select run, tenant, status, headers, coalesce(body, 'null')
    from json_to_recordset(${rows(answers)}) as new (run uuid, tenant uuid, status int, headers json, body json)
    on conflict (run_id) do nothing returning run_id as run`.execute(tx);
  return new Set(stored.map(({ run }) => run));
}

/** Nothing where the run has not answered. */
export async function loadAnswer(tx: Tx, run: string): Promise<RunAnswer | undefined> {
  const { rows: found } = await sql<RunAnswer>`
    select status, headers, body from millrace.run_answer where run_id = ${run}`.execute(tx);
  return found[0];
}
