import { toErrorData } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import {
  type Attempt,
  announce,
  type Delivery,
  endDelivery,
  takeDeliveries,
  tenantsToTell,
} from '../postgres/alerts/deliveries.ts';
import { mailOf } from './message.ts';
import { type MailServer, sendMail } from './send-mail.ts';
import { sendWebhook, type WebhookMeans } from './send-webhook.ts';

export type DeliveryServices = Pick<Foundation, 'database' | 'masterKeys' | 'network' | 'log'> & {
  readonly mailServer?: MailServer | undefined;
};

/** Pauses after failed attempts; after the last one it is given up. */
const ladderMs = [60_000, 300_000, 900_000, 3_600_000, 21_600_000];
/** Under way at once. */
const batch = 20;
const tenantsAtOnce = 200;
/** Longer than any attempt takes. */
const lostAfterMs = 120_000;

/** Sends what is to be told now. An attempt that fails is told by its delivery, and made again later. */
export async function deliverAlerts(services: DeliveryServices): Promise<void> {
  const { database, masterKeys, network } = services;
  const means = { fetch: network.fetch, masterKeys };
  for (;;) {
    const tenants = await database.asScanner((tx) => tenantsToTell(tx, tenantsAtOnce));
    if (tenants.length === 0) return;
    const taken = await database.asTenants(tenants, async (tx) => {
      await announce(tx);
      return takeDeliveries(tx, batch, lostAfterMs);
    });
    // What is left then is in the hands of another process.
    if (taken.length === 0) return;
    await Promise.all(taken.map((delivery) => deliver(delivery, services, means)));
  }
}

async function deliver(delivery: Delivery, services: DeliveryServices, means: WebhookMeans): Promise<void> {
  const attempt = await attemptOf(delivery, services, means);
  await services.database.asTenants([delivery.tenant], (tx) => endDelivery(tx, delivery, attempt));
}

async function attemptOf(
  delivery: Delivery,
  { mailServer, log }: DeliveryServices,
  means: WebhookMeans,
): Promise<Attempt> {
  try {
    if (delivery.kind === 'email') await sendMail(mailServer, mailOf(delivery));
    else await sendWebhook(means, delivery);
    return { state: 'delivered' };
  } catch (thrown) {
    const { alert, channel, attempts } = delivery;
    log.warn({ alert, channel, attempts, err: thrown }, 'an alert could not be delivered');
    return afterFailure(attempts, toErrorData(thrown).message);
  }
}

function afterFailure(attempts: number, error: string): Attempt {
  const pauseMs = ladderMs[attempts - 1];
  return pauseMs === undefined ? { state: 'failed', error } : { state: 'pending', error, pauseMs };
}
