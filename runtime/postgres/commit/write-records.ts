import { MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owner, RecordWrite } from './burst-writes.ts';

type OwnedRecord = RecordWrite & Pick<Owner, 'tenant' | 'environment'>;

/** @throws {MillraceError} `RECORD_CONFLICT` when a record is not as it was when it was read */
export async function writeRecords(tx: Tx, writes: readonly OwnedRecord[]): Promise<void> {
  if (writes.length === 0) return;
  const records = writes.map(({ changes, ...write }) => ({
    ...write,
    after: write.expected + changes.length,
    data: changes.at(-1)?.data,
  }));
  const written = await sql`
    insert into millrace.record (tenant_id, environment, type, id, data, version)
    select tenant, environment, type, id, data, after from json_to_recordset(${rows(records)}) as new
      (tenant uuid, environment text, type text, id text, data jsonb, expected int, after int)
    order by tenant, environment, type, id
    on conflict (tenant_id, environment, type, id) do update set
      data = excluded.data, version = excluded.version, updated_at = millrace.now()
      where record.version = (
        select expected from json_to_recordset(${rows(records)}) as new
          (tenant uuid, environment text, type text, id text, expected int)
        where (tenant, environment, type, new.id) = (excluded.tenant_id, excluded.environment, excluded.type, excluded.id))
    returning id`.execute(tx);
  if (written.rows.length < writes.length)
    throw new MillraceError('RECORD_CONFLICT', 'A record was changed by somebody else in the meantime.', {
      category: 'transient',
    });
  const history = writes.flatMap(({ changes, ...write }) =>
    changes.map((change, index) => ({ ...write, ...change, version: write.expected + index + 1 })),
  );
  await sql`
    insert into millrace.record_history (tenant_id, environment, type, id, version, from_state, to_state, who, why, data)
    select tenant, environment, type, id, version, "from", "to", who, why, data
    from json_to_recordset(${rows(history)}) as new
      (tenant uuid, environment text, type text, id text, version int, "from" text, "to" text, who text, why text, data jsonb)`.execute(
    tx,
  );
}
