import { expressionOf, type JsonObject, type TriggerSpec } from '@millrace/contract';
import { resolveConfig } from '../engine/config.ts';
import type { Evaluation } from '../engine/evaluation.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { deploymentScope } from './deployment-scope.ts';

/** Whose trigger it is, and with which values it is deployed. */
export interface DeployedBy {
  readonly tenant: Pick<Tenant, 'id' | 'slug' | 'timeZone'>;
  readonly parameters: JsonObject;
}

/**
 * A trigger's config as it holds for the whole deployment: defaults filled in, expressions over the parameters evaluated.
 * An expression for the event id is left out, as it is asked of every event.
 * @throws {MillraceError} `CONFIG_VALUE`, and what the expressions fail with
 */
export async function triggerSettings(
  config: JsonObject,
  spec: TriggerSpec,
  evaluation: Evaluation,
  { tenant, parameters }: DeployedBy,
): Promise<JsonObject> {
  const { eventId, ...settings } = config;
  const lasting = eventId === undefined || expressionOf(eventId) !== undefined ? settings : config;
  return resolveConfig(lasting, spec.config, evaluation, deploymentScope(tenant, parameters));
}
