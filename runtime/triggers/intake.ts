import { ExactNumber, expressionOf, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { Engine, Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import { findServing, type Serving } from '../flows/serving.ts';
import type { Accepted } from '../postgres/runs/accept-runs.ts';

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
 * @throws {MillraceError} `FLOW_NOT_DEPLOYED`, `EVENT_ID_INVALID`, and what the `eventId` expression fails with
 */
export async function intake(
  foundation: Pick<Foundation, 'database' | 'evaluator'>,
  engine: Pick<Engine, 'accept'>,
  arrival: TriggerArrival,
): Promise<Accepted> {
  const serving = await findServing(foundation.database, arrival);
  if (!serving) throw notDeployed(arrival);
  const { version, parameters, connections } = serving.deployment;
  const eventId = arrival.eventId ?? (await eventIdOf(foundation, serving, arrival));
  return engine.accept({
    ...arrival,
    version,
    parameters,
    connections,
    ...(eventId !== undefined && { eventId }),
  });
}

function notDeployed({ flowId, environment }: TriggerArrival): MillraceError {
  return new MillraceError('FLOW_NOT_DEPLOYED', `The flow “${flowId}” is not deployed in ${environment}.`, {
    category: 'not-found',
  });
}

/** The trigger's own idea of which event this is; a payload without one has no id. */
async function eventIdOf(
  { evaluator }: Pick<Foundation, 'evaluator'>,
  { document, deployment }: Serving,
  { tenant, node, payload, meta }: TriggerArrival,
): Promise<string | undefined> {
  const text = expressionOf(document.nodes[node]?.config.eventId);
  if (text === undefined) return undefined;
  const scope = {
    input: payload,
    trigger: { ...meta, body: payload },
    steps: {},
    params: deployment.parameters,
    run: {},
    tenant: {},
    now: new Date().toISOString(),
    seed: '',
  };
  const [value] = await evaluationFor(evaluator, tenant).all([text], scope);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber) return String(value);
  throw new MillraceError('EVENT_ID_INVALID', 'The event id of the data must be a text or a number.');
}
