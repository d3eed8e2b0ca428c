import type { Json, JsonObject, RunAnswer } from '@millrace/contract';
import type { RunNews } from '../engine/bus.ts';
import type { Engine, Foundation } from '../engine/engine.ts';
import { loadAnswer } from '../postgres/commit/store-answers.ts';
import { runOutcome } from '../postgres/queries/run-outcome.ts';
import type { Accepted, NewRun } from '../postgres/runs/accept-runs.ts';
import { eventIdIn } from './event-id.ts';
import { listenForRun, type RunListening } from './webhook/run-news.ts';
import type { Webhook } from './webhook/served-webhooks.ts';

export interface WebhookServices extends Pick<Foundation, 'database' | 'evaluator' | 'bus'> {
  readonly engine: Pick<Engine, 'accept'>;
}

export interface Delivery {
  readonly payload: Json;
  readonly meta: JsonObject;
  /** Given by the signature's scheme, and so proven: it goes before all other ids. */
  readonly signedId?: string | undefined;
  /** The header `Idempotency-Key`: anybody on the way may have set it, so that it counts only where the data has no id. */
  readonly idempotencyKey?: string | undefined;
}

/** What became of a delivery. */
export interface Received {
  readonly run: string;
  readonly duplicate: boolean;
  readonly status: RunNews['status'];
  /** Why the data was refused, where the checks did that. */
  readonly refusal?: JsonObject;
  /** What the flow says, where the trigger waits for that. */
  readonly answer?: RunAnswer;
}

/** Without news in that time an answer is looked for: whoever should have told may have died, or be cut off. */
const lookMs = 500;

/**
 * Takes a delivery in. When this resolves the run is durable, so that the sender may be told.
 * @param patience ends the wait for the checks or the answer, when the time is over or the process drains
 * @throws {MillraceError} what the event id's expression fails with; nothing is stored then
 */
export async function receive(
  webhook: Webhook,
  delivery: Delivery,
  services: WebhookServices,
  patience: AbortSignal,
): Promise<Received> {
  const run = await runOf(webhook, delivery, services);
  const news = listenForRun(services.bus, webhook.tenant);
  try {
    const accepted = await services.engine.accept(run);
    news.choose(accepted.run);
    const { answer = 'checked' } = webhook.config;
    if (answer === 'respond') return await answered(accepted, webhook.tenant, news, services, patience);
    if (accepted.duplicate || answer === 'accepted') return { ...accepted, status: 'accepted' };
    return await checked(accepted, webhook.tenant, news, services, patience);
  } finally {
    news.stop();
  }
}

async function runOf(webhook: Webhook, delivery: Delivery, services: WebhookServices): Promise<NewRun> {
  const { tenant, environment, flowId, node, serving } = webhook;
  const { payload, meta, signedId, idempotencyKey } = delivery;
  const { version, parameters, connections } = serving.deployment;
  const eventId = signedId ?? (await eventIdIn(payload, meta, webhook, services)) ?? idempotencyKey;
  const place = { tenant, environment, flowId, node, version, parameters, connections };
  return { ...place, payload, meta, source: 'webhook', ...(eventId !== undefined && { eventId }) };
}

async function checked(
  accepted: Accepted,
  tenant: string,
  news: RunListening,
  services: WebhookServices,
  patience: AbortSignal,
): Promise<Received> {
  const status = (await news.next(patience)) ?? 'running';
  if (status !== 'failed') return { ...accepted, status };
  return { ...accepted, ...(await outcomeOf(accepted.run, tenant, services)) };
}

/** Looks at every news of the run, and now and then without any, until it has answered or ended. */
async function answered(
  accepted: Accepted,
  tenant: string,
  news: RunListening,
  services: WebhookServices,
  patience: AbortSignal,
): Promise<Received> {
  for (;;) {
    // The outcome first: whoever has ended has answered before, if at all.
    const outcome = await outcomeOf(accepted.run, tenant, services);
    const found = await services.database.asTenants([tenant], (tx) => loadAnswer(tx, accepted.run));
    if (found) return { ...accepted, status: 'running', answer: found };
    if (ended.has(outcome.status) || patience.aborted) return { ...accepted, ...outcome };
    await news.next(AbortSignal.any([patience, AbortSignal.timeout(lookMs)]));
  }
}

const ended = new Set<RunNews['status']>(['succeeded', 'failed', 'cancelled']);

/** Only the data's own faults are the sender's business. */
async function outcomeOf(
  run: string,
  tenant: string,
  { database }: WebhookServices,
): Promise<Pick<Received, 'status' | 'refusal'>> {
  const outcome = await database.asTenants([tenant], (tx) => runOutcome(tx, run));
  const status = outcome?.status ?? 'running';
  if (outcome?.error?.category !== 'validation') return { status };
  const { code, message, problems } = outcome.error;
  return { status, refusal: { code, message, ...(problems && { problems: problems as unknown as Json }) } };
}
