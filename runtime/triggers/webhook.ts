import type { Json, JsonObject } from '@millrace/contract';
import type { Bus, RunNews } from '../engine/bus.ts';
import type { Engine, Foundation } from '../engine/engine.ts';
import { findServing } from '../flows/serving.ts';
import type { Database } from '../postgres/database.ts';
import { findRoute } from '../postgres/flows/deployments.ts';
import { runOutcome } from '../postgres/queries/run-outcome.ts';
import { intake } from './intake.ts';

export interface WebhookServices extends Pick<Foundation, 'database' | 'evaluator' | 'bus'> {
  readonly engine: Pick<Engine, 'accept'>;
}

/** A deployed webhook trigger. */
export interface Webhook {
  /** Tenant's id. */
  readonly tenant: string;
  readonly flowId: string;
  readonly node: string;
  /** `checked`: the sender hears whether the checks behind the trigger refuse the data. */
  readonly answer: 'accepted' | 'checked';
}

export interface Delivery {
  readonly payload: Json;
  readonly meta: JsonObject;
  /** The header `Idempotency-Key`, which goes before the trigger's own event id. */
  readonly idempotencyKey?: string | undefined;
}

/** What became of a delivery. */
export interface Received {
  readonly run: string;
  readonly duplicate: boolean;
  readonly status: RunNews['status'];
  /** Why the data was refused, where the checks did that. */
  readonly refusal?: JsonObject;
}

const environment = 'production';

/** The trigger that serves an address; nothing where there is none. */
export async function findWebhook(
  database: Database,
  address: { readonly slug: string; readonly method: string; readonly path: string },
): Promise<Webhook | undefined> {
  const found = await database.asScanner((tx) => findRoute(tx, { ...address, environment }));
  return found && { ...found, answer: await answerOf(database, found) };
}

async function answerOf(database: Database, route: Omit<Webhook, 'answer'>): Promise<Webhook['answer']> {
  const serving = await findServing(database, { ...route, environment });
  return serving?.document.nodes[route.node]?.config.answer === 'accepted' ? 'accepted' : 'checked';
}

/**
 * Takes a delivery in. When this resolves the run is durable, so that the sender may be told.
 * @param patience ends the wait for the checks, when the time is over or the process drains
 * @throws {MillraceError} what the event id's expression fails with; nothing is stored then
 */
export async function receive(
  { answer, ...place }: Webhook,
  { payload, meta, idempotencyKey }: Delivery,
  services: WebhookServices,
  patience: AbortSignal,
): Promise<Received> {
  const eventId = idempotencyKey === undefined ? {} : { eventId: idempotencyKey };
  // Listening begins before the run exists, so that nothing that it does is missed.
  const news = listen(services.bus, place.tenant);
  try {
    const arrival = { ...place, ...eventId, environment, payload, meta, source: 'webhook' };
    const { run, duplicate } = await intake(services, services.engine, arrival);
    if (duplicate || answer === 'accepted') return { run, duplicate, status: 'accepted' };
    const status = (await news.firstOf(run, patience)) ?? 'running';
    return {
      run,
      duplicate,
      status,
      ...(status === 'failed' && (await refusalOf(run, place.tenant, services.database))),
    };
  } finally {
    news.stop();
  }
}

/** Collects the tenant's news until it is known which run they are wanted of. */
function listen(bus: Bus, tenant: string) {
  const first = new Map<string, RunNews['status']>();
  let heard: (() => void) | undefined;
  const stop = bus.subscribe((news) => {
    if (news.kind !== 'run' || news.tenant !== tenant || news.status === 'accepted' || first.has(news.run)) return;
    first.set(news.run, news.status);
    heard?.();
  });

  return {
    stop,
    /** Status of the run at its first commit; nothing when patience ends before. */
    firstOf(run: string, patience: AbortSignal): Promise<RunNews['status'] | undefined> {
      return new Promise((resolve) => {
        heard = () => {
          if (first.has(run) || patience.aborted) resolve(first.get(run));
        };
        patience.addEventListener('abort', heard, { once: true });
        heard();
      });
    },
  };
}

/** Only the data's own faults are the sender's business. */
async function refusalOf(run: string, tenant: string, database: Database): Promise<{ refusal?: JsonObject }> {
  const outcome = await database.asTenants([tenant], (tx) => runOutcome(tx, run));
  if (outcome?.error?.category !== 'validation') return {};
  const { code, message, problems } = outcome.error;
  return { refusal: { code, message, ...(problems && { problems: problems as unknown as Json }) } };
}
