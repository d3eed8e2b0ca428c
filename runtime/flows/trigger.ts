import { type Json, MillraceError } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import type { Engine } from '../engine/engine.ts';
import type { Accepted } from '../postgres/runs/accept-runs.ts';
import { requireFlow } from './drafts.ts';
import type { FlowPlace, FlowServices } from './services.ts';
import { findServing } from './serving.ts';

export interface StartRequest extends FlowPlace {
  /** Trigger node; may be left out where the flow has but one, or one that is started by hand. */
  readonly node?: string | undefined;
  readonly payload: Json;
  /** Who or what starts it, for people. */
  readonly source: string;
}

/**
 * Starts a run of the deployed version. Resolves when it is durable.
 * @throws {MillraceError} `NOT_FOUND`, `FLOW_NOT_DEPLOYED`, `TRIGGER_UNKNOWN`, `TRIGGER_NEEDED`
 */
export async function startRun(
  services: Pick<FlowServices, 'database' | 'catalogue'> & { readonly engine: Pick<Engine, 'accept'> },
  { tenant, environment, flowId, node, payload, source }: StartRequest,
): Promise<Accepted> {
  const serving = await findServing(services.database, { tenant: tenant.id, environment, flowId });
  if (!serving) {
    await requireFlow(services, tenant, flowId);
    const message = `The flow “${flowId}” is not deployed in ${environment}; deploy it first.`;
    throw new MillraceError('FLOW_NOT_DEPLOYED', message);
  }
  const { version, parameters, connections } = serving.deployment;
  const trigger = chooseTrigger(serving.document, node, services);
  return services.engine.accept({
    tenant: tenant.id,
    environment,
    flowId,
    version,
    parameters,
    connections,
    node: trigger,
    payload,
    meta: { startedBy: source },
    source,
  });
}

/** @throws {MillraceError} `TRIGGER_UNKNOWN`, `TRIGGER_NEEDED` */
export function chooseTrigger(
  { nodes }: FlowDocument,
  asked: string | undefined,
  { catalogue }: Pick<FlowServices, 'catalogue'>,
): string {
  const triggers = Object.keys(nodes).filter((id) => catalogue.triggers.has(nodes[id]?.type ?? ''));
  if (asked !== undefined && !triggers.includes(asked))
    throw new MillraceError(
      'TRIGGER_UNKNOWN',
      `“${asked}” is no trigger of this flow; it has ${triggers.join(', ')}.`,
      { pointer: '/node' },
    );
  const chosen = asked ?? only(triggers) ?? only(triggers.filter((id) => nodes[id]?.type === 'core/manual'));
  if (chosen !== undefined) return chosen;
  throw new MillraceError('TRIGGER_NEEDED', `Say which trigger to start: ${triggers.join(', ')}.`, {
    pointer: '/node',
  });
}

function only(ids: readonly string[]): string | undefined {
  return ids.length === 1 ? ids[0] : undefined;
}
