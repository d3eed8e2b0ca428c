import { sql } from 'kysely';
import type { Wanted } from '../../erasure/person-key.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** A record in which something was found, now or in its history. */
export interface FoundRecord {
  readonly environment: string;
  readonly type: string;
  readonly id: string;
}

const page = 2_000;

/** The next records behind one, and of those the ones that hold it; likewise of the history, in which there are more. */
export async function searchRecords(
  tx: Tx,
  table: 'record' | 'record_history',
  { path, vars, record }: Wanted,
  after: FoundRecord | undefined,
): Promise<{ readonly found: FoundRecord[]; readonly last: FoundRecord | undefined }> {
  const { environment = '', type = '', id = '' } = after ?? {};
  const { rows } = await sql<FoundRecord & { holds: boolean }>`
    with next as (
      select environment, type, id from millrace.${sql.raw(table)}
      where (environment, type, id) > (${environment}, ${type}, ${id})
      group by environment, type, id order by environment, type, id limit ${page}
    )
    select environment, type, id, (type, id) = (${record?.type ?? ''}, ${record?.id ?? ''}) or exists (
      select from millrace.${sql.raw(table)} as version
      where (version.environment, version.type, version.id) = (next.environment, next.type, next.id)
        and jsonb_path_exists(data, ${path}::jsonpath, ${json(vars)}::jsonb, true)) as holds
    from next order by environment, type, id`.execute(tx);
  const found = rows.filter(({ holds }) => holds).map(placeOf);
  const last = rows.at(-1);
  return { found, last: last && placeOf(last) };
}

function placeOf({ environment, type, id }: FoundRecord): FoundRecord {
  return { environment, type, id };
}
