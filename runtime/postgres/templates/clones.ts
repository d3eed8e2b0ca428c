import type { Json } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** Which version of a template a flow is. */
export interface Origin {
  readonly flowId: string;
  readonly template: string;
  readonly version: string;
  /** The template's bundle at that version. */
  readonly base: FlowBundle;
}

/** A flow that was made of a template, and how far an upgrade has come. */
export interface Clone extends Origin {
  /** About conflicts of an upgrade that is not done yet; a list. */
  readonly decisions: Json;
  /** Raised by every change. */
  readonly changes: number;
}

/** Environment → slot → connection id. */
export type ConnectionsByEnvironment = Readonly<Record<string, Readonly<Record<string, string>>>>;

export async function createClone(
  tx: Tx,
  tenant: string,
  { flowId, template, version, base, connections }: Origin & { readonly connections: ConnectionsByEnvironment },
): Promise<void> {
  await sql`
    insert into millrace.clone (tenant_id, flow_id, template, version, base, connections)
    values (${tenant}, ${flowId}, ${template}, ${version}, ${json(base)}, ${json(connections)})`.execute(tx);
}

export async function loadClone(tx: Tx, flowId: string): Promise<Clone | undefined> {
  const { rows } = await sql<Clone>`
    select flow_id as "flowId", template, version, base, decisions, changes
    from millrace.clone where flow_id = ${flowId}`.execute(tx);
  return rows[0];
}

/** Ids of the tenant's flows that are clones of the template. */
export async function clonesOf(tx: Tx, template: string): Promise<string[]> {
  const { rows } = await sql<{ flowId: string }>`
    select flow_id as "flowId" from millrace.clone where template = ${template} order by flow_id`.execute(tx);
  return rows.map(({ flowId }) => flowId);
}

/** Changes a clone if it was not changed since it was read; otherwise false. */
export async function changeClone(
  tx: Tx,
  read: Clone,
  { version, base, decisions }: Partial<Pick<Clone, 'version' | 'base' | 'decisions'>>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update millrace.clone set
      version = ${version ?? read.version}, base = coalesce(${json(base)}::json, base), decisions = ${json(decisions ?? [])},
      changes = changes + 1
    where flow_id = ${read.flowId} and changes = ${read.changes}`.execute(tx);
  return numAffectedRows === 1n;
}

/** What the slots of a clone were to be bound to in an environment when it was made. */
export async function plannedConnections(
  tx: Tx,
  environment: string,
  flowId: string,
): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<{ connections: ConnectionsByEnvironment }>`
    select connections from millrace.clone where flow_id = ${flowId}`.execute(tx);
  return rows[0]?.connections[environment] ?? {};
}

export interface CloneCount {
  readonly template: string;
  readonly version: string;
  readonly clones: number;
}

/** How many clones of a template, or of any, all tenants have together. Scanner's transaction. */
export async function countClones(tx: Tx, template?: string): Promise<CloneCount[]> {
  const { rows } = await sql<CloneCount>`
    select template, version, count(*) as clones from millrace.clone
    ${template === undefined ? sql`` : sql`where template = ${template}`}
    group by template, version order by template, version`.execute(tx);
  return rows;
}
