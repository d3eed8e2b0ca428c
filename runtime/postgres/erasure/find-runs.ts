import { sql } from 'kysely';
import type { Wanted } from '../../erasure/person-key.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** A run in which something was found. */
export interface FoundRun {
  readonly run: string;
  readonly environment: string;
  readonly flow: string;
  /** Why it cannot go yet; null where it may. */
  readonly stays: string | null;
}

/** Runs that are looked through in one statement. */
const page = 200;

/** The next runs behind one, and of those the ones that hold it in anything that belongs to them. */
export async function searchRuns(
  tx: Tx,
  { path, vars, text }: Wanted,
  after: string,
): Promise<{ readonly found: FoundRun[]; readonly last: string | undefined }> {
  const ids = await nextRuns(tx, after);
  const holds = (column: string) => sql`millrace.holds(${sql.raw(column)}, ${path}::jsonpath, ${json(vars)}::jsonb)`;
  const any = (table: string, columns: readonly string[]) => sql`
    exists (select from millrace.${sql.raw(table)} as part where part.run_id = run.id
      and (${sql.join(
        columns.map((column) => holds(`part.${column}`)),
        sql` or `,
      )}))`;
  const { rows } = await sql<FoundRun>`
    select run.id as run, run.environment, run.flow_id as flow, ${staysBecause} as stays
    from millrace.all_runs as run
    where run.id = any(${ids}::uuid[]) and (
      ${holds('run.trigger')} or ${holds('run.output')} or ${holds('run.error')} or ${holds('run.parameters')}
      or ${any('all_steps', ['input', 'output', 'error'])}
      or ${any('all_signals', ['payload'])}
      or ${any('all_waits', ['detail'])}
      or ${any('run_answer', ['body'])}
      or exists (select from millrace.all_signals as signal where signal.run_id = run.id and signal.key = ${text})
      or exists (select from millrace.run as live where live.id = run.id and ${holds('live.state')})
      or ${any('pass', ['state'])} or ${any('pass_result', ['output', 'error'])})
    order by run.id`.execute(tx);
  return { found: rows, last: ids.at(-1) };
}

/** Runs by their ids, as they were found. */
export async function loadFoundRuns(tx: Tx, ids: readonly string[]): Promise<FoundRun[]> {
  const { rows } = await sql<FoundRun>`
    select run.id as run, run.environment, run.flow_id as flow, ${staysBecause} as stays
    from millrace.all_runs as run where run.id = any(${ids}::uuid[]) order by run.id`.execute(tx);
  return rows;
}

/** Of `run`: it, what has called it, or what it has called goes on, and needs what is there. */
const staysBecause = sql`
  case
    when run.status in ('running', 'waiting') then 'It has not ended.'
    when exists (select from millrace.run as parent where parent.id = run.parent and parent.finished_at is null)
      then 'What has called it has not ended.'
    when exists (select from millrace.run as child where child.parent = run.id and child.finished_at is null)
      then 'What it has called has not ended.'
  end`;

async function nextRuns(tx: Tx, after: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from millrace.all_runs where id > ${after} order by id limit ${page}`.execute(tx);
  return rows.map(({ id }) => id);
}
