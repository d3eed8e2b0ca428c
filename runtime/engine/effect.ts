import type { Catalogue, Effect, JsonObject, NodeSpec } from '@millrace/contract';
import { type Plan, stepOf } from '@millrace/flow';

/** What a step does to the world: what its node's type says, or less where its config says so. */
export function effectOf({ effect, effectOf }: NodeSpec, config: JsonObject): Effect {
  return effectOf?.(config) ?? effect;
}

/** Nothing where the instance has no such node. */
export function effectOfStep({ nodes }: Catalogue, plan: Plan, step: string): Effect | undefined {
  const node = stepOf(plan, step)?.node;
  const spec = node && nodes.get(node.type);
  return spec && effectOf(spec, node.config as JsonObject);
}

/** Whether it would be there twice if it were done twice, and others see it. */
export function writesOutside(effect: Effect | undefined): boolean {
  return effect === 'idempotent-write' || effect === 'unsafe-write';
}
