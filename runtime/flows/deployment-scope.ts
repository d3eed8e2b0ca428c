import type { JsonObject } from '@millrace/contract';
import type { Scope } from '../engine/evaluation.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';

/** What an expression of a trigger's config sees while there is no run: the deployment's parameters and the tenant. */
export function deploymentScope(
  { id, slug, timeZone }: Pick<Tenant, 'id' | 'slug' | 'timeZone'>,
  params: JsonObject,
  now: Date = new Date(),
): Scope {
  return {
    input: null,
    trigger: {},
    steps: {},
    params,
    run: {},
    tenant: { id, slug, timeZone },
    now: now.toISOString(),
    seed: '',
  };
}
