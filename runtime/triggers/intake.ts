import { type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { Engine, Foundation } from '../engine/engine.ts';
import { findServing } from '../flows/serving.ts';
import type { Accepted } from '../postgres/runs/accept-runs.ts';
import { eventIdIn } from './event-id.ts';

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
  const eventId =
    arrival.eventId ?? (await eventIdIn(arrival.payload, arrival.meta, { ...arrival, serving }, foundation));
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
