import { type Activation, type JsonObject, MillraceError, type TriggerSpec } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import type { Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { refuseProblems } from './check.ts';
import { checkFormats } from './check-formats.ts';
import { triggerSettings } from './trigger-settings.ts';

/** A trigger of a flow, and how it is switched on. */
export interface ActivatedTrigger {
  readonly node: string;
  readonly type: string;
  readonly slot: string | undefined;
  readonly activation: Activation;
}

/**
 * How the triggers of a valid document are switched on. Their configs may hold expressions over the deployment's parameters.
 * @throws {MillraceError} `CONFIG_VALUE`, with a pointer into the document, and what the expressions fail with
 */
export async function activationsOf(
  { catalogue, evaluator }: Pick<Foundation, 'catalogue' | 'evaluator'>,
  tenant: Tenant,
  { nodes }: FlowDocument,
  parameters: JsonObject,
): Promise<ActivatedTrigger[]> {
  const evaluation = evaluationFor(evaluator, tenant.id);
  const activated: ActivatedTrigger[] = [];
  for (const [id, { type, config, connection }] of Object.entries(nodes)) {
    const spec = catalogue.triggers.get(type);
    if (!spec) continue;
    const resolve = () => triggerSettings(config as JsonObject, spec, evaluation, { tenant, parameters });
    activated.push({ node: id, type, slot: connection, activation: await activate(id, spec, resolve) });
  }
  return activated;
}

async function activate(node: string, spec: TriggerSpec, resolve: () => Promise<JsonObject>): Promise<Activation> {
  const resolved = await resolve().catch((error: unknown) => Promise.reject(placed(error, node)));
  const problems = checkFormats(resolved, spec.config, `/nodes/${node}/config`);
  refuseProblems('CONFIG_VALUE', `The settings of “${node}” have no usable values.`, problems);
  return spec.activation(resolved);
}

/** The pointer of a config's error is one into the config. */
function placed(error: unknown, node: string): unknown {
  if (!(error instanceof MillraceError)) return error;
  const { pointer = '/config', ...options } = error.options;
  return new MillraceError(error.code, error.message, { ...options, pointer: `/nodes/${node}${pointer}` });
}
