import type { Foundation } from '../engine/engine.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';

/** What the flow services stand on. */
export type FlowServices = Pick<
  Foundation,
  'database' | 'evaluator' | 'catalogue' | 'types' | 'masterKeys' | 'network' | 'bus' | 'home'
>;

/** A flow of a tenant, where it serves. */
export interface FlowPlace {
  readonly tenant: Tenant;
  readonly environment: string;
  readonly flowId: string;
}
