import { type RawBuilder, sql } from 'kysely';

/** A value, or where it is found. */
type Part = string | RawBuilder<unknown>;

/**
 * The one record of a key, as a query to be joined laterally. Only the table's key has this order, and a bound for the id leaves
 * something to order: by equality alone PostgreSQL was seen to go through all records of the type, on another index, since it
 * had planned when there were few.
 */
export function recordByKey(tenant: Part, environment: Part, type: Part, id: Part): RawBuilder<unknown> {
  return sql`
    select type, id, data, version, created_at, updated_at from millrace.record
    where tenant_id = ${tenant} and environment = ${environment} and type = ${type} and id >= ${id} and id <= ${id}
    order by tenant_id, environment, type, id limit 1`;
}
