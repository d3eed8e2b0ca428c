import { sql } from 'kysely';
import type { Wanted } from '../../erasure/person-key.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

const page = 2_000;

/** The next signals behind one, and of those that belong to no run the ones that hold it. */
export async function searchSignals(
  tx: Tx,
  { path, vars, text }: Wanted,
  after: string,
): Promise<{ readonly found: string[]; readonly last: string | undefined }> {
  const { rows } = await sql<{ id: string; holds: boolean }>`
    select id, not exists (select from millrace.run where run.id = signal.run_id)
      and (key = ${text} or millrace.holds(payload, ${path}::jsonpath, ${json(vars)}::jsonb)) as holds
    from (select * from millrace.signal where id > ${after} order by id limit ${page}) as signal
    order by id`.execute(tx);
  return { found: rows.filter(({ holds }) => holds).map(({ id }) => id), last: rows.at(-1)?.id };
}
