import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import { payloadsIn } from '../../payloads/references.ts';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';

/** A run that has been given data. */
export interface Given {
  readonly run: string;
  readonly tenant: string;
  readonly data: Json;
}

/**
 * Lets runs hold what their data refers to: what is nobody's becomes theirs, what is another run's stays for as long as any
 * of them is kept. To be called in the transaction that stores the data, so that either both hold or neither. That may be
 * about many tenants, and references may be made up: each run gets what is its own tenant's. What is not there, or just
 * being removed, is missing as before. Without references no statement is made.
 */
export async function claimPayloads(tx: Tx, given: readonly Given[]): Promise<void> {
  const claims = given.flatMap(({ run, tenant, data }) =>
    [...payloadsIn(data)].map((payload) => ({ payload, run, tenant })),
  );
  if (claims.length === 0) return;
  // Whose it is is read from the updated row: whoever gives it up at this moment has then done so.
  await sql`
    with new as (
      select * from json_to_recordset(${rows(claims)}) as new (payload uuid, run uuid, tenant uuid)
    ), held as (
      update millrace.payload set run_id = coalesce(payload.run_id, new.run) from new
      where payload.id in (
          select id from millrace.payload where id = any(${claims.map(({ payload }) => payload)}::uuid[])
          order by id for update)
        and (payload.id, payload.tenant_id) = (new.payload, new.tenant) and sha256 is not null
      returning payload.id, payload.tenant_id, payload.run_id
    )
    insert into millrace.payload_use (payload_id, run_id, tenant_id)
    select distinct new.payload, new.run, new.tenant
    from new join held on (held.id, held.tenant_id) = (new.payload, new.tenant) and held.run_id <> new.run
    on conflict do nothing`.execute(tx);
}
