import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, call } from './api.ts';
import { insist } from './insist.ts';

/** An order that was answered with its run: from then on it is not the sender's business any more. */
export interface Accepted {
  readonly id: string;
  readonly run: string;
}

export interface OrderPlan {
  /** Address of the webhook. */
  readonly hook: string;
  readonly count: number;
  readonly atOnce: number;
  /** Longest pause of a sender between two orders, in milliseconds. */
  readonly pauseMs: number;
  /** Makes the orders larger. */
  readonly note?: string;
  /** Told of each answer by which an order must be sent again: status and code. */
  readonly onRefusal?: (answer: string) => void;
  readonly onAccepted?: (accepted: number) => void;
}

/** Sends orders, each until it is answered, under the same event id. Answers those, and how often nobody or a 5xx answered. */
export async function sendOrders(plan: OrderPlan): Promise<{ accepted: Accepted[]; retries: number }> {
  const accepted: Accepted[] = [];
  let [left, attempts] = [plan.count, 0];
  const sender = async (): Promise<void> => {
    while (left-- > 0) {
      const order = makeOrder(plan.note);
      const answer = await insist(`${order.id} is answered`, () => {
        attempts++;
        return post(plan, order);
      });
      if (answer.status >= 300) throw new Error(`${order.id} was refused with ${answer.status}: ${answer.text}`);
      accepted.push({ id: order.id, run: (JSON.parse(answer.text) as { runId: string }).runId });
      plan.onAccepted?.(accepted.length);
      await sleep(randomInt(plan.pauseMs + 1));
    }
  };
  await Promise.all(Array.from({ length: plan.atOnce }, sender));
  return { accepted, retries: attempts - accepted.length };
}

interface Order {
  readonly id: string;
  readonly lines: readonly object[];
}

let made = 0;

function makeOrder(note?: string): Order {
  const line = () => ({
    sku: `A-${randomInt(100, 1000)}`,
    quantity: randomInt(1, 20),
    price: randomInt(1, 10_000) / 100,
  });
  return {
    id: `PO-${++made}`,
    lines: Array.from({ length: randomInt(1, 8) }, line),
    ...(note !== undefined && { note }),
  };
}

/** The answer; nothing where the order must be sent again. */
async function post({ hook, onRefusal }: OrderPlan, order: Order) {
  const { status, text } = await fetch(hook, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': order.id },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(15_000),
  }).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
  if (status < 500) return { status, text };
  onRefusal?.(`${status} ${(JSON.parse(text) as { error: { code: string } }).error.code}`);
  return undefined;
}

/** Tells Millrace that an order has been taken; answers what became of the signal. */
export async function acknowledge(api: Api, order: string): Promise<string> {
  const signal = { channel: 'acks', key: order, payload: { number: `SO-${order}` } };
  return (await call<{ state: string }>(api, 'POST', '/signals', signal)).state;
}
