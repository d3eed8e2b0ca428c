import type { FieldMap } from '@millrace/mapping';
import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import type { Reason } from '../flows/deployment-history.ts';
import { json } from '../json.ts';

/** Where a tenant's own lines lie over a mapping's layers. */
export interface OverridePlace {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  /** Its name in the flow. */
  readonly mapping: string;
}

/** How a tenant's own lines came to be as they are. */
export type OverrideAction = 'edit' | 'promote' | 'rollback';

/** A tenant's own lines as they were from a time on. */
export interface Override {
  readonly id: string;
  readonly fields: FieldMap;
  readonly action: OverrideAction;
  readonly at: Date;
  /** For people. */
  readonly by: string;
  readonly note: string | null;
}

const columns = sql`id, fields, action, at, changed_by as by, note`;

/** What is in force; nothing where the tenant has never laid anything over. */
export async function loadOverride(tx: Tx, place: OverridePlace): Promise<Override | undefined> {
  const [newest] = await listOverrides(tx, place, 1);
  return newest;
}

/** All that is in force. */
export async function listInForce(tx: Tx): Promise<(Omit<OverridePlace, 'tenant'> & Pick<Override, 'fields'>)[]> {
  const { rows } = await sql<Omit<OverridePlace, 'tenant'> & Pick<Override, 'fields'>>`
    select distinct on (environment, flow_id, mapping) environment, flow_id as "flowId", mapping, fields
    from millrace.mapping_override order by environment, flow_id, mapping, id desc`.execute(tx);
  return rows;
}

/** Newest first. */
export async function listOverrides(tx: Tx, place: OverridePlace, limit: number): Promise<Override[]> {
  const { rows } = await sql<Override>`
    select ${columns} from millrace.mapping_override where ${at(place)} order by id desc limit ${limit}`.execute(tx);
  return rows;
}

/** What lies over each of a flow's mappings in an environment, by the mapping's name. */
export async function loadOwnLines(
  tx: Tx,
  { tenant, environment, flowId }: Omit<OverridePlace, 'mapping'>,
): Promise<ReadonlyMap<string, FieldMap>> {
  const { rows } = await sql<{ mapping: string; fields: FieldMap }>`
    select distinct on (mapping) mapping, fields from millrace.mapping_override
    where tenant_id = ${tenant} and environment = ${environment} and flow_id = ${flowId}
    order by mapping, id desc`.execute(tx);
  return new Map(rows.filter(({ fields }) => fields.length > 0).map(({ mapping, fields }) => [mapping, fields]));
}

export async function findOverride(tx: Tx, place: OverridePlace, id: string): Promise<Override | undefined> {
  const { rows } = await sql<Override>`
    select ${columns} from millrace.mapping_override where ${at(place)} and id = ${id}`.execute(tx);
  return rows[0];
}

/** Those who change the same wait for each other, until the transaction ends. */
export async function lockOverride(tx: Tx, { tenant, environment, flowId, mapping }: OverridePlace): Promise<void> {
  const place = JSON.stringify([tenant, environment, flowId, mapping]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${place}, 0))`.execute(tx);
}

/** Lays other lines over, as the newest; to be called behind {@link lockOverride}. */
export async function addOverride(
  tx: Tx,
  place: OverridePlace,
  { fields, action }: Pick<Override, 'fields' | 'action'>,
  { by, note }: Reason,
): Promise<Override> {
  const { tenant, environment, flowId, mapping } = place;
  const before = await loadOverride(tx, place);
  const { rows } = await sql<Override>`
    insert into millrace.mapping_override (tenant_id, environment, flow_id, mapping, fields, action, changed_by, note)
    values (${tenant}, ${environment}, ${flowId}, ${mapping}, ${json(fields)}, ${action}, ${by}, ${note ?? null})
    returning ${columns}`.execute(tx);
  await noteChange(tx, {
    tenant,
    environment,
    action: action === 'edit' ? 'mappings.edit' : 'mappings.promote',
    target: `flows/${flowId}/mappings/${mapping}`,
    before: before && { fields: before.fields },
    after: { fields, how: action, note },
  });
  return rows[0] as Override;
}

function at({ tenant, environment, flowId, mapping }: OverridePlace) {
  return sql`tenant_id = ${tenant} and environment = ${environment} and flow_id = ${flowId} and mapping = ${mapping}`;
}
