import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import { payloadsIn } from '../../payloads/references.ts';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';

/** A run that is started with data. */
export interface StartedWith {
  readonly run: string;
  readonly tenant: string;
  readonly data: Json;
}

/**
 * Gives what the data of runs refers to, and what belongs to no run yet, to them. To be called in the transaction that
 * stores the runs, so that either both hold or neither. That may be about many tenants, and references may be made up: each
 * run gets what is its own tenant's.
 */
export async function claimPayloads(tx: Tx, started: readonly StartedWith[]): Promise<void> {
  const claims = started.flatMap(({ run, tenant, data }) =>
    [...payloadsIn(data)].map((payload) => ({ payload, run, tenant })),
  );
  if (claims.length === 0) return;
  await sql`
    update millrace.payload set run_id = new.run
    from json_to_recordset(${rows(claims)}) as new (payload uuid, run uuid, tenant uuid)
    where payload.id = any(${claims.map(({ payload }) => payload)}::uuid[])
      and (payload.id, payload.tenant_id) = (new.payload, new.tenant) and payload.run_id is null`.execute(tx);
}
