import { MillraceError } from '@millrace/contract';
import type { Action } from './actions.ts';

/** Plans of tenants, from the smallest on: each has what those before it have. The open one, which tenants have at first, has all. */
export const plans = ['standard', 'enterprise', 'enterprise-pro', 'open'] as const;
export type Plan = (typeof plans)[number];

/** What people call them. */
export const planTitles: Readonly<Record<Plan, string>> = {
  standard: 'Standard',
  enterprise: 'Enterprise',
  'enterprise-pro': 'Enterprise Pro',
  open: 'Open',
};

/** The smallest plan that has an action, whoever asks; what is not named every plan has. `docs/roles.md` is made from it. */
export const planOfAction: Readonly<Partial<Record<Action, Plan>>> = {
  'mappings.read': 'enterprise',
  'mappings.edit': 'enterprise',
  'mappings.transform': 'enterprise-pro',
  'mappings.test': 'enterprise',
  'mappings.promote': 'enterprise',
};

/** Action → the smallest plan that has it, of those that a plan lacks. */
export function beyondPlan(plan: Plan): Partial<Record<Action, Plan>> {
  const entries = Object.entries(planOfAction) as [Action, Plan][];
  return Object.fromEntries(entries.filter(([action]) => !isInPlan(plan, action)));
}

/** @throws {MillraceError} `PLAN_NEEDED`, naming the plan that is needed and the one that there is */
export function requireInPlan(plan: Plan, action: Action): void {
  if (isInPlan(plan, action)) return;
  const needed = planOfAction[action] as Plan;
  const message = `“${action}” needs the plan ${planTitles[needed]}; this tenant has ${planTitles[plan]}.`;
  throw new MillraceError('PLAN_NEEDED', message, { category: 'auth', details: { action, plan: needed } });
}

function isInPlan(plan: Plan, action: Action): boolean {
  const needed = planOfAction[action];
  return needed === undefined || plans.indexOf(plan) >= plans.indexOf(needed);
}
