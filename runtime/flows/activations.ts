import { type Activation, type JsonObject, MillraceError, type TriggerSpec } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { Value } from 'typebox/value';
import { resolveConfig } from '../engine/config.ts';
import type { Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { refuseProblems } from './check.ts';
import { checkFormats } from './check-formats.ts';
import { deploymentScope } from './deployment-scope.ts';

/** A trigger of a flow, and how it is switched on. */
export interface ActivatedTrigger {
  readonly node: string;
  readonly type: string;
  readonly slot: string | undefined;
  readonly activation: Activation;
}

/**
 * How the triggers of a valid document are switched on. The config of those that nobody calls may hold expressions over
 * the deployment's parameters.
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
    const resolve = () =>
      resolveConfig(config as JsonObject, spec.config, evaluation, deploymentScope(tenant, parameters));
    activated.push({ node: id, type, slot: connection, activation: await activate(id, spec, config, resolve) });
  }
  return activated;
}

/** What waits to be called evaluates its config when it is called, with what has come. */
async function activate(
  node: string,
  spec: TriggerSpec,
  config: unknown,
  resolve: () => Promise<JsonObject>,
): Promise<Activation> {
  const asWritten = spec.activation(Value.Default(spec.config, structuredClone(config)));
  if (asWritten.kind === 'route' || asWritten.kind === 'manual') return asWritten;
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
