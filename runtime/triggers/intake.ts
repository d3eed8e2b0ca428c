import { expressionOf, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import type { Engine, Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { loadVersion } from '../postgres/flows/versions.ts';
import type { Accepted } from '../postgres/runs/accept-run.ts';

/** A trigger has something for a deployed flow. */
export interface TriggerArrival {
  /** Tenant's id. */
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  /** The trigger's node. */
  readonly node: string;
  readonly payload: Json;
  readonly meta: JsonObject;
  /** Who or what brought it, for people. */
  readonly source: string;
  /** Given by the sender (an `Idempotency-Key`); otherwise the trigger's `eventId` expression is asked. */
  readonly eventId?: string;
}

/**
 * Turns what a trigger has brought into a run of the version that is deployed now. Resolves when the run is durable.
 * @throws {MillraceError} `FLOW_NOT_DEPLOYED`, and what the `eventId` expression fails with
 */
export async function intake(
  foundation: Pick<Foundation, 'database' | 'evaluator'>,
  engine: Pick<Engine, 'accept'>,
  arrival: TriggerArrival,
): Promise<Accepted> {
  const { deployment, document } = await deployed(foundation, arrival);
  const { version, parameters, connections } = deployment;
  const eventId = arrival.eventId ?? (await eventIdOf(foundation, document, arrival));
  return engine.accept({
    ...arrival,
    version,
    parameters,
    connections,
    ...(eventId !== undefined && { eventId }),
  });
}

async function deployed({ database }: Pick<Foundation, 'database'>, { tenant, environment, flowId }: TriggerArrival) {
  const found = await database.asTenants([tenant], async (tx) => {
    const deployment = await loadDeployment(tx, environment, flowId);
    const document = deployment && (await loadVersion(tx, deployment.version));
    return deployment && document && { deployment, document };
  });
  if (found) return found;
  throw new MillraceError('FLOW_NOT_DEPLOYED', `The flow “${flowId}” is not deployed in ${environment}.`, {
    category: 'not-found',
  });
}

/** The trigger's own idea of which event this is; a payload without one has no id. */
async function eventIdOf(
  { evaluator }: Pick<Foundation, 'evaluator'>,
  document: FlowDocument,
  { tenant, node, payload, meta }: TriggerArrival,
): Promise<string | undefined> {
  const text = expressionOf(document.nodes[node]?.config.eventId);
  if (text === undefined) return undefined;
  const scope = {
    input: payload,
    trigger: { ...meta, body: payload },
    steps: {},
    params: {},
    run: {},
    tenant: {},
    now: new Date().toISOString(),
    seed: '',
  };
  const [value] = await evaluationFor(evaluator, tenant).all([text], scope);
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
