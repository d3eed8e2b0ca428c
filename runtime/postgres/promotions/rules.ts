import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

/** What is wanted of the tests of flows that change: nothing, that all pass, or that they come to what has changed, too. */
export const demands = ['none', 'pass', 'exercise'] as const;

/** What a tenant wants of its promotions. */
export interface PromotionRules {
  /** Nothing is deployed to production otherwise. */
  readonly required: boolean;
  /** Who has planned it does not approve it. */
  readonly byAnother: boolean;
  readonly tests: (typeof demands)[number];
}

const withoutRules: PromotionRules = { required: false, byAnother: false, tests: 'exercise' };

/** Of the tenant that the transaction sees. */
export async function loadRules(tx: Tx): Promise<PromotionRules> {
  const { rows } = await sql<PromotionRules>`
    select required, by_another as "byAnother", tests from millrace.promotion_rules`.execute(tx);
  return rows[0] ?? withoutRules;
}

export async function saveRules(tx: Tx, tenant: string, after: PromotionRules): Promise<void> {
  const before = await loadRules(tx);
  await sql`
    insert into millrace.promotion_rules (tenant_id, required, by_another, tests)
    values (${tenant}, ${after.required}, ${after.byAnother}, ${after.tests})
    on conflict (tenant_id) do update set
      required = excluded.required, by_another = excluded.by_another, tests = excluded.tests`.execute(tx);
  const values = { before: { ...before }, after: { ...after } };
  await noteChange(tx, { tenant, action: 'promotions.rule', target: 'promotion-rules', ...values });
}
