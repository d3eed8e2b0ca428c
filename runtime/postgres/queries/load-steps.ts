import type { ErrorData, Json } from '@millrace/contract';
import { placeOf, stepKey } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface StoredStep {
  readonly key: string;
  readonly node: string;
  readonly status: 'running' | 'waiting' | 'retrying' | 'done' | 'failed';
  readonly attempts: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly port: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: ErrorData | null;
  readonly nextRetryAt: Date | null;
}

type Row = StoredStep & {
  readonly inputFrom: string | readonly string[] | null;
  readonly passesOn: boolean;
};

interface Trigger {
  readonly node: string;
  readonly payload: Json;
}

/** The run's steps in the order in which they became active, each with what it got and gave. */
export async function loadSteps(tx: Tx, run: string): Promise<StoredStep[]> {
  const { rows } = await sql<Row>`
    select key, node, status, attempts, started_at as "startedAt", finished_at as "finishedAt", port, input, output,
      error, next_retry_at as "nextRetryAt", input_from as "inputFrom", passes_on as "passesOn"
    from millrace.all_steps where run_id = ${run} order by seq, key`.execute(tx);
  const trigger = await sql<Trigger>`
    select trigger_node as node, trigger -> 'payload' as payload from millrace.all_runs where id = ${run}`.execute(tx);
  return filledIn(rows, trigger.rows[0]);
}

/** A step comes after those whose output it got, so one pass is enough. */
function filledIn(rows: readonly Row[], trigger: Trigger | undefined): StoredStep[] {
  const outputs = new Map<string, Json>(trigger && [[trigger.node, trigger.payload]]);
  const nodes = new Map(rows.map(({ key, node }) => [key, node]));
  return rows.map(({ inputFrom, passesOn, ...row }) => {
    const input = inputFrom === null ? row.input : gathered(inputFrom, outputs, nodes);
    const output = passesOn ? input : row.output;
    outputs.set(row.key, output);
    return { ...row, input, output };
  });
}

/** At a join: by node id, or by step key where a node was several of them. */
function gathered(
  from: string | readonly string[],
  outputs: ReadonlyMap<string, Json>,
  nodes: ReadonlyMap<string, string>,
): Json {
  const outputOf = (key: string) => outputs.get(key) ?? outputs.get(triggerOf(key)) ?? null;
  if (typeof from === 'string') return outputOf(from);
  const nodeOf = (key: string) => nodes.get(key) ?? placeOf(key).key;
  const places = Map.groupBy(from, nodeOf);
  return Object.fromEntries(
    from.map((key) => [places.get(nodeOf(key))?.length === 1 ? nodeOf(key) : key, outputOf(key)]),
  );
}

/** Within a pass the trigger's id has the pass before it. */
function triggerOf(key: string): string {
  const { pass, key: id } = placeOf(key);
  return pass === undefined ? id : stepKey(undefined, id);
}
