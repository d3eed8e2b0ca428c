import type { Problem } from '@millrace/contract';
import { sql } from 'kysely';
import type { PartState, PlannedPart } from '../../promotions/part.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

export type PromotionState = 'planned' | 'approved' | 'rejected' | 'applied' | 'rolled-back';

/** Who did something when; names are for people. */
export interface PromotionSummary {
  readonly id: string;
  /** The flow that is moved with all that it depends on. */
  readonly flow: string;
  readonly state: PromotionState;
  readonly note: string | null;
  readonly plannedAt: Date;
  readonly plannedBy: string;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly decisionNote: string | null;
  readonly appliedAt: Date | null;
  readonly appliedBy: string | null;
  readonly rolledBackAt: Date | null;
  readonly rolledBackBy: string | null;
}

export interface StoredPromotion extends PromotionSummary {
  readonly parts: readonly PlannedPart[];
  readonly missing: readonly Problem[];
  /** States that it has made in production, part by part; null where it has not. */
  readonly applied: readonly PartState[] | null;
  /** Id of the person or API key that planned it; null where that has none. */
  readonly planner: string | null;
}

export interface NewPromotion extends Pick<StoredPromotion, 'flow' | 'parts' | 'missing' | 'planner'> {
  readonly tenant: string;
  readonly by: string;
  readonly note: string | undefined;
}

const told = sql`
  id, flow_id as flow, state, note, planned_at as "plannedAt", planned_by as "plannedBy", decided_at as "decidedAt",
  decided_by as "decidedBy", decision_note as "decisionNote", applied_at as "appliedAt", applied_by as "appliedBy",
  rolled_back_at as "rolledBackAt", rolled_back_by as "rolledBackBy"`;

/** Answers its id. */
export async function insertPromotion(tx: Tx, promotion: NewPromotion): Promise<string> {
  const { tenant, flow, parts, missing, note, by, planner } = promotion;
  const { rows } = await sql<{ id: string }>`
    insert into millrace.promotion (tenant_id, flow_id, parts, missing, note, planned_by, planner)
    values (${tenant}, ${flow}, ${json(parts)}, ${json(missing)}, ${note ?? null}, ${by}, ${planner})
    returning id`.execute(tx);
  return (rows[0] as { id: string }).id;
}

export async function loadPromotion(tx: Tx, id: string): Promise<StoredPromotion | undefined> {
  const { rows } = await sql<StoredPromotion>`
    select ${told}, parts, missing, applied, planner from millrace.promotion where id = ${id}`.execute(tx);
  return rows[0];
}

/** Nobody else does anything with it until the transaction ends. */
export async function lockPromotion(tx: Tx, id: string): Promise<void> {
  await sql`select from millrace.promotion where id = ${id} for update`.execute(tx);
}

/** Newest first. @param before id of the last one of the page before */
export async function listPromotions(
  tx: Tx,
  {
    flow,
    limit,
    before,
  }: { readonly flow?: string | undefined; readonly limit: number; readonly before?: string | undefined },
): Promise<PromotionSummary[]> {
  const { rows } = await sql<PromotionSummary>`
    select ${told} from millrace.promotion
    where (${flow ?? null}::text is null or flow_id = ${flow ?? null})
      and (${before ?? null}::uuid is null or id < ${before ?? null})
    order by id desc limit ${limit}`.execute(tx);
  return rows;
}

export async function decidePromotion(
  tx: Tx,
  id: string,
  {
    state,
    by,
    note,
  }: { readonly state: 'approved' | 'rejected'; readonly by: string; readonly note: string | undefined },
): Promise<void> {
  await sql`
    update millrace.promotion set state = ${state}, decided_at = millrace.now(), decided_by = ${by}, decision_note = ${note ?? null}
    where id = ${id}`.execute(tx);
}

export async function storeApplied(tx: Tx, id: string, by: string, applied: readonly PartState[]): Promise<void> {
  await sql`
    update millrace.promotion set state = 'applied', applied = ${json(applied)}, applied_at = millrace.now(), applied_by = ${by}
    where id = ${id}`.execute(tx);
}

export async function storeRolledBack(tx: Tx, id: string, by: string): Promise<void> {
  await sql`
    update millrace.promotion set state = 'rolled-back', rolled_back_at = millrace.now(), rolled_back_by = ${by}
    where id = ${id}`.execute(tx);
}
