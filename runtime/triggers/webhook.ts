import type { Json, JsonObject, RunAnswer } from '@millrace/contract';
import type { RunNews } from '../engine/bus.ts';
import type { Engine, Foundation } from '../engine/engine.ts';
import { loadAnswer } from '../postgres/commit/store-answers.ts';
import { type Outcome, runOutcome } from '../postgres/queries/run-outcome.ts';
import type { Accepted, NewRun } from '../postgres/runs/accept-runs.ts';
import { together } from '../postgres/together.ts';
import { eventIdIn } from './event-id.ts';
import { listenForRun, type Progress, type RunListening } from './webhook/run-news.ts';
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
  const { status } = (await news.next(patience)) ?? { status: 'running' as const };
  if (status !== 'failed') return { ...accepted, status };
  return { ...accepted, ...(await outcomeOf(accepted.run, tenant, services)) };
}

/** Waits until the run has answered or ended: who has not heard the answer looks for it. */
async function answered(
  accepted: Accepted,
  tenant: string,
  news: RunListening,
  services: WebhookServices,
  patience: AbortSignal,
): Promise<Received> {
  // What was accepted before may have told everything before.
  let heard = accepted.duplicate ? undefined : await untilTold(news, patience);
  for (;;) {
    if (heard?.answer) return { ...accepted, status: 'running', answer: heard.answer };
    // The outcome first: whoever has ended has answered before, if at all.
    const [run, answer] = await services.database.byIndex.atOnce.asTenants([tenant], (tx) =>
      together([runOutcome(tx, accepted.run), loadAnswer(tx, accepted.run)]),
    );
    const outcome = told(run);
    if (answer) return { ...accepted, status: 'running', answer };
    if (ended.has(outcome.status) || patience.aborted) return { ...accepted, ...outcome };
    heard = await untilTold(news, patience);
  }
}

/** Resolves when the run has told that it has answered or ended, and now and then without news of it. */
async function untilTold(news: RunListening, patience: AbortSignal): Promise<Progress | undefined> {
  const soon = AbortSignal.any([patience, AbortSignal.timeout(lookMs)]);
  for (;;) {
    const heard = await news.next(soon);
    if (!heard || heard.answered || ended.has(heard.status)) return heard;
  }
}

const ended = new Set<RunNews['status']>(['succeeded', 'failed', 'cancelled']);

async function outcomeOf(
  run: string,
  tenant: string,
  { database }: WebhookServices,
): Promise<Pick<Received, 'status' | 'refusal'>> {
  return told(await database.byIndex.atOnce.asTenants([tenant], (tx) => runOutcome(tx, run)));
}

/** Only the data's own faults are the sender's business. */
function told(outcome: Outcome | undefined): Pick<Received, 'status' | 'refusal'> {
  const status = outcome?.status ?? 'running';
  if (outcome?.error?.category !== 'validation') return { status };
  const { code, message, problems } = outcome.error;
  return { status, refusal: { code, message, ...(problems && { problems: problems as unknown as Json }) } };
}
