import type { Action } from './actions.ts';
import type { Caller } from './auth.ts';
import { requireInPlan } from './plans.ts';
import { requireAllowed } from './rights.ts';

/** Whoever asks must be allowed to, and the tenant's plan must have it. */
export type Demand = (action: Action) => void;

/** What a caller may. @throws {MillraceError} `ACTION_NOT_ALLOWED`, `PLAN_NEEDED`: what it answers does */
export function demandsOn({ rights, tenant }: Pick<Caller, 'rights' | 'tenant'>): Demand {
  return (action) => {
    requireAllowed(rights, action);
    if (tenant) requireInPlan(tenant.plan, action);
  };
}

/** Of whoever looks after the machine, and calls commands on it. */
export const everything: Demand = () => undefined;
