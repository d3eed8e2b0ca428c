import type { Problem } from '@millrace/contract';
import type { FlowServices } from '../flows/services.ts';
import type { Tx } from '../postgres/database.ts';
import type { PromotionSummary, StoredPromotion } from '../postgres/promotions/promotions.ts';
import { loadRules } from '../postgres/promotions/rules.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { requirePromotion } from './carry-out.ts';
import { type FlowTests, testProblems, testsOf } from './flow-tests.ts';
import { kindOf } from './kinds/kinds.ts';
import { movedSincePlan } from './moved-since.ts';
import type { PartChange, PartName, PlannedPart } from './part.ts';

/** A promotion with all that whoever approves it wants to know. */
export interface ShownPromotion extends PromotionSummary {
  readonly parts: readonly (PartName & {
    /** Not in production yet. */
    readonly isNew: boolean;
    /** None: it is the same in production. */
    readonly changes: readonly PartChange[];
  })[];
  /** Of each flow that changes. */
  readonly tests: readonly FlowTests[];
  /** What is in the way, and warnings; nothing where it is over. */
  readonly problems: readonly Problem[];
  /** What has moved since it was planned; nothing where it is over. */
  readonly stale: readonly Problem[];
}

/** @throws {MillraceError} `NOT_FOUND` */
export function showPromotion(services: FlowServices, tenant: Tenant, id: string): Promise<ShownPromotion> {
  return services.database.asTenants([tenant.id], async (tx) => {
    const { parts, missing, applied: _, planner: __, ...summary } = await requirePromotion(tx, id);
    const tests = await testsOf(tx, services, parts);
    const isOpen = !isOver(summary);
    return {
      ...summary,
      parts: await shownParts(tx, parts),
      tests,
      problems: isOpen ? [...missing, ...testProblems(tests, await loadRules(tx))] : [],
      stale: isOpen ? await movedSincePlan(tx, tenant, parts) : [],
    };
  });
}

function isOver({ state }: Pick<StoredPromotion, 'state'>): boolean {
  return state !== 'planned' && state !== 'approved';
}

async function shownParts(tx: Tx, parts: readonly PlannedPart[]): Promise<ShownPromotion['parts']> {
  const shown: ShownPromotion['parts'][number][] = [];
  for (const { kind, name, before, after } of parts)
    shown.push({ kind, name, isNew: before === null, changes: await kindOf(kind).compare(tx, name, before, after) });
  return shown;
}
